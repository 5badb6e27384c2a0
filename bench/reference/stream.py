"""Reads the three columns of the benchmark with the Python driver, twice, the second time by the clock.

stream.py URI USER PASSWORD QUERY    prints {"wall": ms, "cpu": ms, "count": n, "total": …, "rust": whether neo4j-rust-ext is at work}
"""

import json
import sys
import time

import neo4j
from neo4j._codec.packstream import v1


def main(uri, user, password, query):
    with neo4j.GraphDatabase.driver(uri, auth=(user, password), fetch_size=1000) as driver, driver.session() as session:
        for _ in range(2):
            wall, cpu, count, total = time.perf_counter(), time.process_time(), 0, 0
            for record in session.run(query):
                total += record[0] + len(record[1]) + record[2]
                count += 1
            used = {"wall": 1e3 * (time.perf_counter() - wall), "cpu": 1e3 * (time.process_time() - cpu)}
    # The extension replaces the functions that pack and unpack where it can be imported.
    rust = getattr(v1, "_rust_unpack", None) is not None
    print(json.dumps({**used, "count": count, "total": total, "rust": rust}))


if __name__ == "__main__":
    main(*sys.argv[1:])
