package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.ingest.FileEntry;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.lake.LakeOnDisk;
import io.perennial.lake.LakeOnDisk.Ingested;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run on a lake of mutated files completes or names the unreadable file, and every record is
 * accepted, a duplicate, superseded or rejected.
 */
class FuzzTest {

  private static final List<String> COLUMNS =
      List.of("order_id", "customer_id", "ordered_at", "quantity", "unit_price", "status");

  /** Each corrupt archive causes another read of the lake. */
  private static final int CORRUPT_ARCHIVES = 3;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"csv, 20261122, 250", "json, 20261123, 250"})
  void everyRecordOfAMutatedLakeIsAccountedFor(String format, long seed, int files) {
    ingestMutated(format, seed, files);
  }

  @ParameterizedTest
  @CsvSource({"csv, 1, 4000", "csv, 2, 4000", "json, 3, 4000", "json, 4, 4000"})
  @Tag("slow")
  void everyRecordOfThousandsOfMutatedFilesIsAccountedFor(String format, long seed, int files) {
    ingestMutated(format, seed, files);
  }

  private void ingestMutated(String format, long seed, int files) {
    Random random = new Random(seed);
    LakeOnDisk lake =
        LakeOnDisk.in(folder)
            .source("plain", "format = " + format + "\n" + LakeOnDisk.columns("status"))
            .set("lake.on-unreadable-file", "skip")
            .set("lake.max-reject-share", 1);
    Map<String, byte[]> written = new TreeMap<>();
    Map<String, String> mutations = new TreeMap<>();
    int archives = 0;
    for (int i = 0; i < files; i++) {
      Mutation mutation = Mutation.values()[random.nextInt(Mutation.values().length)];
      boolean isArchive =
          mutation == Mutation.NONE ? random.nextBoolean() : archives < CORRUPT_ARCHIVES;
      String name = "%04d.%s%s".formatted(i, format, isArchive ? ".gz" : "");
      byte[] bytes = text(format, i, random);
      if (isArchive && mutation != Mutation.NONE) {
        archives++;
        bytes =
            mutation.apply(LakeOnDisk.gzipped(new String(bytes, StandardCharsets.UTF_8)), random);
      } else {
        bytes = mutation.apply(bytes, random);
        if (!isArchive) {
          written.put(name, bytes);
        } else {
          bytes = LakeOnDisk.gzipped(new String(bytes, StandardCharsets.UTF_8));
        }
      }
      mutations.put(name, mutation + (isArchive ? " of an archive" : ""));
      lake.file(name, bytes);
    }

    Ingested ingested = lake.ingest();

    String description = "seed " + seed + ", " + files + " " + format + " files";
    List<FileEntry> counts = ingested.result().files();
    Map<String, Long> accepted = perFile(ingested.lines(), OrderLinesTable.SOURCE_FILE.name());
    Map<String, Long> rejected = perFile(ingested.rejects(), RejectsTable.SOURCE_FILE.name());
    long records = 0;
    for (FileEntry file : counts) {
      String context = description + ": " + file + ", " + mutations.get(file.path());
      records += file.records();
      assertThat(file.outcomes().values().stream().mapToLong(Long::longValue).sum())
          .as(context)
          .isEqualTo(file.records());
      assertThat(file.count(IngestedFilesTable.ERASED)).as(context).isZero();
      assertThat(accepted.getOrDefault(file.path(), 0L)).as(context).isEqualTo(file.accepted());
      assertThat(rejected.getOrDefault(file.path(), 0L)).as(context).isEqualTo(file.rejected());
      if (written.containsKey(file.path())) {
        assertThat(file.records()).as(context).isEqualTo(lines(written.get(file.path()), format));
      }
    }
    assertThat(records).as(description).isEqualTo(ingested.result().recordsRead());
    Set<String> skipped = skipped(ingested.messages());
    Set<String> all = new HashSet<>(skipped);
    counts.forEach(file -> all.add(file.path()));
    assertThat(all).as(description).containsAll(mutations.keySet());
    System.out.printf(
        "Fuzz: %s: %d records, %d accepted, %d rejected, %d files skipped%n",
        description, records, sum(accepted), sum(rejected), skipped.size());
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The skipped files, whose messages must contain the reason and a remedy. */
  private static Set<String> skipped(List<String> messages) {
    return messages.stream()
        .map(
            line -> {
              assertThat(line)
                  .startsWith("Skipped: Cannot read file '")
                  .contains("' of the lake: ")
                  .endsWith("lake.on-unreadable-file = skip.");
              return line.split("'", 3)[1];
            })
        .collect(Collectors.toSet());
  }

  private static Map<String, Long> perFile(Dataset<Row> rows, String column) {
    return rows.groupBy(column).count().collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }

  /**
   * The number of records in a file: non-blank lines with any line ending. Spark's CSV reader
   * treats a line of control characters as blank, and the first line as the header.
   */
  private static long lines(byte[] bytes, String format) {
    boolean isCsv = format.equals("csv");
    long lines =
        Arrays.stream(new String(bytes, StandardCharsets.ISO_8859_1).split("\r\n|\n|\r"))
            .filter(line -> isCsv ? !line.trim().isEmpty() : !line.isBlank())
            .count();
    return isCsv ? Math.max(0, lines - 1) : lines;
  }

  private static byte[] text(String format, int file, Random random) {
    StringBuilder text = new StringBuilder();
    boolean isCsv = format.equals("csv");
    if (isCsv) {
      text.append(String.join(",", COLUMNS)).append('\n');
    }
    for (int i = 0; i < 6; i++) {
      // Some orders are in several files, as duplicates and corrections.
      String order = random.nextInt(4) == 0 ? "shared" + random.nextInt(40) : file + "-" + i;
      List<String> values =
          List.of(
              order,
              "c" + random.nextInt(50),
              "2024-0%d-1%d 10:00:00".formatted(1 + random.nextInt(9), random.nextInt(10)),
              String.valueOf(1 + random.nextInt(3)),
              random.nextInt(100) + ".50",
              random.nextInt(9) == 0 ? "Überprüft, später" : "paid");
      if (isCsv) {
        text.append(
            values.stream()
                .map(value -> value.contains(",") ? '"' + value + '"' : value)
                .collect(Collectors.joining(",", "", "\n")));
      } else {
        StringBuilder fields = new StringBuilder();
        for (int c = 0; c < values.size(); c++) {
          fields.append(c == 0 ? "" : ",").append('"').append(COLUMNS.get(c)).append("\":\"");
          fields.append(values.get(c)).append('"');
        }
        text.append('{').append(fields).append("}\n");
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** How a file is mutated. */
  private enum Mutation {
    NONE {
      @Override
      byte[] apply(byte[] bytes, Random random) {
        return bytes;
      }
    },
    /** Single bits of a few bytes. */
    BYTES_FLIPPED {
      @Override
      byte[] apply(byte[] bytes, Random random) {
        byte[] flipped = bytes.clone();
        for (int i = 0; i < 1 + random.nextInt(5); i++) {
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
      }
    },
    /** An incomplete upload. */
    TRUNCATED {
      @Override
      byte[] apply(byte[] bytes, Random random) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
    },
    /** Lines, including the header, in random order. */
    LINES_SHUFFLED {
      @Override
      byte[] apply(byte[] bytes, Random random) {
        List<String> lines = linesOf(bytes);
        Collections.shuffle(lines, random);
        return bytes(lines);
      }
    },
    /** Some lines in another encoding. */
    ENCODINGS_MIXED {
      @Override
      byte[] apply(byte[] bytes, Random random) {
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        for (String line : linesOf(bytes)) {
          mixed.writeBytes(
              (line + "\n")
                  .getBytes(
                      switch (random.nextInt(3)) {
                        case 0 -> StandardCharsets.ISO_8859_1;
                        case 1 -> StandardCharsets.UTF_16LE;
                        default -> StandardCharsets.UTF_8;
                      }));
        }
        return mixed.toByteArray();
      }
    },
    /** A column is missing in some or all lines. */
    COLUMNS_DROPPED {
      @Override
      byte[] apply(byte[] bytes, Random random) {
        int column = random.nextInt(COLUMNS.size());
        boolean isEverywhere = random.nextBoolean();
        return bytes(
            linesOf(bytes).stream()
                .map(
                    line -> {
                      List<String> cells = new ArrayList<>(List.of(line.split(",")));
                      if (isEverywhere || random.nextBoolean()) {
                        cells.remove(Math.min(column, cells.size() - 1));
                      }
                      return String.join(",", cells);
                    })
                .toList());
      }
    };

    abstract byte[] apply(byte[] bytes, Random random);

    private static List<String> linesOf(byte[] bytes) {
      return new ArrayList<>(List.of(new String(bytes, StandardCharsets.UTF_8).split("\n")));
    }

    private static byte[] bytes(List<String> lines) {
      return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }
  }
}
