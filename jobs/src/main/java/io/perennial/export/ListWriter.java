package io.perennial.export;

import io.perennial.export.RowChange.Current;
import io.perennial.export.RowChange.Sent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes the files of the lists whose rows a task holds, in one pass over rows of {@link SentDiff}
 * sorted by list, key and side, and returns the changes for the private state and the files
 * written. File names carry the task's attempt, so that a repeated task does not overwrite another
 * attempt's files.
 *
 * @param lists the lists of the export
 * @param asOf as_of of the export
 * @param configuration Hadoop's
 */
record ListWriter(List<ExportList> lists, LocalDate asOf, SerializableConfiguration configuration)
    implements MapPartitionsFunction<Row, Row> {

  /** Columns of the output rows: a change, or a part of a file. */
  static final StructType OUTPUT =
      ExportColumns.schema(
          ExportColumns.LIST,
          ExportColumns.CHANGE,
          ExportColumns.ROW_KEY,
          ExportColumns.CONTENT,
          ExportColumns.KIND,
          ExportColumns.PART,
          ExportColumns.FILE,
          ExportColumns.ROWS,
          ExportColumns.BYTES,
          ExportColumns.SHA256);

  /** Value of {@link ExportColumns#SIDE}: the row as it was sent. */
  static final int SENT = 0;

  /** Value of {@link ExportColumns#SIDE}: the row as it is now. */
  static final int CURRENT = 1;

  /** The three files of an export. */
  enum Kind {
    FULL,
    ADD,
    REMOVE;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    List<String> headings(PlatformFormat format) {
      return this == REMOVE ? format.removalHeadings() : format.headings();
    }
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return call(rows, TaskContext.get().taskAttemptId());
  }

  /**
   * @param attempt part of the file names
   */
  Iterator<Row> call(Iterator<Row> rows, long attempt) {
    return new Pass(rows, attempt);
  }

  private final class Pass implements Iterator<Row> {
    private final Iterator<Row> input;
    private final long attempt;
    private final Deque<Row> output = new ArrayDeque<>();
    private Row next;
    private OpenList open;

    Pass(Iterator<Row> input, long attempt) {
      this.input = input;
      this.attempt = attempt;
      this.next = input.hasNext() ? input.next() : null;
    }

    @Override
    public boolean hasNext() {
      try {
        while (output.isEmpty() && (next != null || open != null)) {
          advance();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "Cannot write the files of an audience: " + e.getMessage(), e);
      }
      return !output.isEmpty();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return output.poll();
    }

    private void advance() throws IOException {
      if (open != null && (next == null || next.getInt(0) != open.list.index())) {
        open.close(output);
        open = null;
        return;
      }
      if (open == null) {
        open = new OpenList(lists.get(next.getInt(0)));
      }
      String key = next.getString(1);
      Row sent = null;
      Row current = null;
      while (next != null && next.getInt(0) == open.list.index() && next.getString(1).equals(key)) {
        if (next.getInt(2) == SENT) {
          sent = next;
        } else if (current == null) {
          current = next;
        }
        next = input.hasNext() ? input.next() : null;
      }
      open.put(key, sent, current, output);
    }

    /** The files of one list. */
    private final class OpenList {
      private final ExportList list;
      private final SplitCsvFile[] files = new SplitCsvFile[Kind.values().length];

      OpenList(ExportList list) throws IOException {
        this.list = list;
        Path staging = new Path(list.stagingDirectory());
        OwnerOnlyFiles filesystem = OwnerOnlyFiles.at(staging, configuration.value());
        for (Kind kind : Kind.values()) {
          files[kind.ordinal()] =
              new SplitCsvFile(
                  filesystem,
                  staging,
                  kind.label() + "." + attempt,
                  kind.headings(list.format()),
                  list.format().maxFileBytes());
        }
      }

      /** Writes the row of a key; {@code sent} or {@code current} is null where there is none. */
      void put(String key, Row sent, Row current, Deque<Row> rows) throws IOException {
        RowChange change = change(sent, current);
        if (change.isInFull()) {
          files[Kind.FULL.ordinal()].write(current.getString(4));
        }
        if (change.isInAdd()) {
          files[Kind.ADD.ordinal()].write(current.getString(4));
        }
        if (change == RowChange.REMOVED) {
          files[Kind.REMOVE.ordinal()].write(sent.getString(4));
        }
        if (change != RowChange.UNCHANGED) {
          String content = current == null ? "" : current.getString(3);
          rows.add(
              RowFactory.create(
                  list.index(), change.name(), key, content, null, null, null, null, null, null));
        }
      }

      private RowChange change(Row sent, Row current) {
        if (sent == null) {
          return RowChange.ADDED;
        }
        return current == null
            ? RowChange.REMOVED
            : RowChange.between(
                new Sent(sent.getString(3), sent.getDate(5).toLocalDate()),
                new Current(current.getString(3), current.getBoolean(6)),
                asOf,
                list.format());
      }

      void close(Deque<Row> rows) throws IOException {
        for (Kind kind : Kind.values()) {
          List<SplitCsvFile.Part> parts = files[kind.ordinal()].close();
          for (int i = 0; i < parts.size(); i++) {
            SplitCsvFile.Part part = parts.get(i);
            rows.add(
                RowFactory.create(
                    list.index(),
                    null,
                    null,
                    null,
                    kind.label(),
                    i + 1,
                    part.file(),
                    part.rows(),
                    part.bytes(),
                    part.sha256()));
          }
        }
      }
    }
  }
}
