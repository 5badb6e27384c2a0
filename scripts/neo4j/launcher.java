import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Starts Neo4j in this JVM, and ends it, with its home folder, when standard input ends. A parent that dies closes its end of the pipe whatever the
 * reason, so that no server is ever left behind. Arguments: the main class, or "builder" for Neo4j 4.4; the home folder.
 */
class Launcher {
    public static void main(String[] args) throws Exception {
        String mainClass = args[0];
        Path home = Path.of(args[1]);
        Thread watch = new Thread(() -> endWithParent(home), "parent-watch");
        watch.setDaemon(true);
        watch.start();

        if (mainClass.equals("builder")) {
            build(home);
        } else {
            String[] arguments = {"--home-dir=" + home, "--config-dir=" + home.resolve("conf")};
            Class.forName(mainClass).getMethod("main", String[].class).invoke(null, (Object) arguments);
        }
    }

    /** By reflection, as the class has moved between the releases and the others are started without it. */
    private static void build(Path home) throws Exception {
        Class<?> type = Class.forName("org.neo4j.dbms.api.DatabaseManagementServiceBuilder");
        Object builder = type.getConstructor(Path.class).newInstance(home);
        Method load = type.getMethod("loadPropertiesFromFile", Path.class);
        load.invoke(builder, home.resolve("conf").resolve("neo4j.conf"));
        type.getMethod("build").invoke(builder);
        Thread.currentThread().join();
    }

    private static void endWithParent(Path home) {
        try {
            while (System.in.read() != -1) {
                // Nothing is ever said, only the end matters.
            }
        } catch (IOException broken) {
            // As good as the end.
        }
        // Nobody wants the data, so a clean shutdown would be lost time. The server may still be writing: what it adds is removed in a further round.
        for (int round = 0; round < 3 && Files.exists(home); round++) {
            try (Stream<Path> paths = Files.walk(home)) {
                paths.sorted(Comparator.reverseOrder()).forEach(Launcher::delete);
            } catch (Exception gone) {
                // A file that vanished while it was listed.
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException kept) {
            // Tried again in the next round.
        }
    }
}
