//! Reads frames back into the PackStream values they were made of, by the description of the
//! format and by nothing else. Panics where a frame does not keep to it.

use super::Value;

/// The records of a frame.
pub(super) fn read(frame: &[u8]) -> Vec<Vec<Value>> {
    let word = |index: usize| u32_at(frame, index * 4) as usize;
    let ends = [&[word(2), word(3), word(4), word(5), word(6), word(7)][..], &[frame.len()]].concat();
    assert!(ends.is_sorted() && word(2) >= 32, "sections in order: {ends:?}");
    assert_eq!((word(5) % 2, word(7) % 2), (0, 0), "UTF-16 at even offsets");

    let named = Area { latin1: &frame[word(4)..word(5)], utf16: &frame[word(5)..word(6)] };
    let names = table(&frame[word(3)..word(4)]).map(|(start, length)| {
        assert_eq!(length & 0b110, 0);
        named.piece(start, length)
    });
    let shapes = table(&frame[word(2)..word(3)]).map(|(start, length)| {
        let keys = named.piece(start, length);
        let keys = keys.split('\0').map(str::to_owned);
        if length & 0b10 == 0 { keys.collect() } else { keys.map(unescape).collect() }
    });
    let mut reader = Reader {
        frame,
        at: 32,
        names: names.collect(),
        shapes: shapes.collect(),
        text: &frame[word(6)..word(7)],
        wide_text: &frame[word(7)..],
    };
    let records = (0..word(0)).map(|_| (0..word(1)).map(|_| reader.value()).collect()).collect();
    assert_eq!(reader.at, word(2), "the tape is read to its end");
    assert!(reader.text.len() <= 1 && reader.wide_text.is_empty(), "and so are the texts");
    records
}

struct Reader<'a> {
    frame: &'a [u8],
    at: usize,
    names: Vec<String>,
    shapes: Vec<Vec<String>>,
    text: &'a [u8],
    wide_text: &'a [u8],
}

impl Reader<'_> {
    fn value(&mut self) -> Value {
        let word = self.word();
        let payload = word >> 5;
        match word & 31 {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => int(payload),
            4 => Value::Int(i64::from(payload) << 32 | i64::from(self.word() as u32)),
            5 => {
                let low = i64::from(self.word() as u32);
                Value::Int(i64::from(self.word()) << 32 | low)
            }
            6 => self.float(),
            7 => {
                let length = self.count(payload);
                let (text, rest) = self.text.split_at(length);
                self.text = rest;
                Value::String(latin1(text))
            }
            8 => {
                let length = self.count(payload);
                let (text, rest) = self.wide_text.split_at(length * 2);
                self.wide_text = rest;
                Value::String(utf16(text))
            }
            9 => self.name(payload),
            10 if payload == -1 => Value::Map(Vec::new()),
            10 => {
                let keys = self.shapes[payload as usize].clone();
                Value::Map(keys.into_iter().map(|key| (key, self.value())).collect())
            }
            11 => {
                let length = self.count(payload);
                Value::List(self.values(length))
            }
            12 => Value::List((0..self.count(payload)).map(|_| self.float()).collect()),
            13 => Value::List((0..self.count(payload)).map(|_| int(self.word())).collect()),
            14 => {
                let length = self.count(payload);
                let bytes = self.bytes(length);
                self.align(4);
                Value::Bytes(bytes)
            }
            15 => {
                let labels = (0..payload).map(|_| self.word()).collect::<Vec<_>>();
                let labels = labels.into_iter().map(|label| self.name(label)).collect();
                let [identity, properties] = [self.value(), self.value()];
                self.structure(0x4E, vec![identity, Value::List(labels), properties], 1)
            }
            16 => {
                let mut fields = self.values(4);
                fields.insert(3, self.name(payload));
                self.structure(0x52, fields, 3)
            }
            17 => {
                let mut fields = self.values(2);
                fields.insert(1, self.name(payload));
                self.structure(0x72, fields, 1)
            }
            18 => structure(0x50, self.values(3)),
            19 => structure(0x58, vec![int(payload), self.float(), self.float()]),
            20 => structure(0x59, vec![int(payload), self.float(), self.float(), self.float()]),
            21 => structure(0x44, vec![Value::Int(epoch_day(self.word(), payload >> 5, payload & 31))]),
            22 => structure(0x74, vec![self.nano_of_day(payload)]),
            23 => structure(0x54, vec![self.nano_of_day(payload), int(self.word())]),
            24 => structure(0x64, self.wall_clock(payload).into()),
            25 => {
                let [seconds, nanos] = self.wall_clock(payload);
                // Which of the two forms it was is not kept: they mean the same.
                structure(0x46, vec![seconds, nanos, int(self.word())])
            }
            26 => {
                let [seconds, nanos] = self.wall_clock(payload);
                let zone = self.word();
                structure(0x66, vec![seconds, nanos, self.name(zone)])
            }
            27 => {
                let Value::Float(seconds) = self.float() else { unreachable!() };
                structure(0x69, vec![Value::Int(seconds as i64), int(self.word()), self.name(payload)])
            }
            28 => {
                let mut fields = self.values(3);
                fields.push(int(self.word()));
                structure(0x45, fields)
            }
            29 => {
                let (marker, size) =
                    [(0xC8, 1), (0xC9, 2), (0xCA, 4), (0xCB, 8), (0xC6, 4), (0xC1, 8)][payload as usize];
                let length = self.word() as usize;
                self.align(8);
                let mut bytes = self.bytes(length * size);
                bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
                self.align(4);
                structure(0x56, vec![Value::Bytes(vec![marker]), Value::Bytes(bytes)])
            }
            30 => Value::Uuid(self.bytes(16).try_into().unwrap()),
            _ => structure(payload as u8, self.values((payload >> 8) as usize)),
        }
    }

    fn values(&mut self, count: usize) -> Vec<Value> {
        (0..count).map(|_| self.value()).collect()
    }

    /// Adds the element ids, if there are any: they follow as nulls otherwise.
    fn structure(&mut self, tag: u8, mut fields: Vec<Value>, ids: usize) -> Value {
        let ids = self.values(ids);
        if ids.iter().any(|id| !id.is_null()) {
            fields.extend(ids);
        }
        structure(tag, fields)
    }

    fn nano_of_day(&mut self, clock: i32) -> Value {
        Value::Int(second_of_day(clock) * 1_000_000_000 + i64::from(self.word()))
    }

    fn wall_clock(&mut self, payload: i32) -> [Value; 2] {
        let day = epoch_day(self.word(), payload >> 22 & 15, payload >> 17 & 31);
        [Value::Int(day * 86_400 + second_of_day(payload & 0x1FFFF)), int(self.word())]
    }

    fn count(&mut self, payload: i32) -> usize {
        if payload == -1 { self.word() as u32 as usize } else { payload as usize }
    }

    fn name(&self, index: i32) -> Value {
        Value::String(self.names[index as usize].clone())
    }

    fn word(&mut self) -> i32 {
        u32_at(&self.bytes(4), 0) as i32
    }

    fn float(&mut self) -> Value {
        Value::Float(f64::from_le_bytes(self.bytes(8).try_into().unwrap()))
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        self.at += length;
        self.frame[self.at - length..self.at].to_vec()
    }

    fn align(&mut self, to: usize) {
        self.at = self.at.next_multiple_of(to);
    }
}

struct Area<'a> {
    latin1: &'a [u8],
    utf16: &'a [u8],
}

impl Area<'_> {
    fn piece(&self, start: usize, length: usize) -> String {
        let end = start + (length >> 3);
        if length & 1 == 0 {
            latin1(&self.latin1[start..end])
        } else {
            utf16(&self.utf16[start * 2..end * 2])
        }
    }
}

fn table(section: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    assert_eq!(section.len() % 8, 0);
    section.chunks_exact(8).map(|entry| (u32_at(entry, 0) as usize, u32_at(entry, 4) as usize))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn unescape(key: String) -> String {
    let mut chars = key.chars();
    let mut unescaped = String::new();
    while let Some(char) = chars.next() {
        unescaped.push(match char {
            '\u{1}' => match chars.next() {
                Some('\u{1}') => '\u{1}',
                Some('\u{2}') => '\0',
                other => panic!("escape before {other:?}"),
            },
            _ => char,
        });
    }
    unescaped
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    String::from_utf16(&units.collect::<Vec<_>>()).unwrap()
}

fn int(value: i32) -> Value {
    Value::Int(i64::from(value))
}

fn structure(tag: u8, fields: Vec<Value>) -> Value {
    Value::Struct { tag, fields }
}

fn second_of_day(clock: i32) -> i64 {
    i64::from((clock >> 12) * 3600 + (clock >> 6 & 63) * 60 + (clock & 63))
}

/// Days since 1970-01-01, counted leap year by leap year.
fn epoch_day(year: i32, month: i32, day: i32) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month as usize - 1];
    let past = i64::from(year) - 1;
    past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400) - 719_162
        + before
        + i64::from(leap && month > 2)
        + i64::from(day)
        - 1
}
