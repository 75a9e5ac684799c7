package io.perennial.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
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
    private ExportList list; // Null between lists.
    private Map<Kind, SplitCsvFile> files;

    Pass(Iterator<Row> input, long attempt) {
      this.input = input;
      this.attempt = attempt;
      this.next = input.hasNext() ? input.next() : null;
    }

    @Override
    public boolean hasNext() {
      try {
        while (output.isEmpty() && (next != null || list != null)) {
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
      if (list == null) {
        list = lists.get(next.getInt(0));
        files = new ExportFiles(configuration.value()).open(list, String.valueOf(attempt));
      }
      if (!isNextOfList()) {
        closeFiles();
        list = null;
        return;
      }
      String key = next.getString(1);
      Row sent = null;
      Row current = null;
      while (isNextOfList() && next.getString(1).equals(key)) {
        if (next.getInt(2) == SENT) {
          sent = next;
        } else if (current == null) {
          current = next;
        }
        next = input.hasNext() ? input.next() : null;
      }
      write(key, sent, current);
    }

    private boolean isNextOfList() {
      return next != null && next.getInt(0) == list.index();
    }

    /** Writes the row of a key; {@code sent} or {@code current} is null where there is none. */
    private void write(String key, Row sent, Row current) throws IOException {
      RowChange change = change(sent, current);
      if (change.isInFull()) {
        files.get(Kind.FULL).write(current.getString(4));
      }
      if (change.isInAdd()) {
        files.get(Kind.ADD).write(current.getString(4));
      }
      if (change == RowChange.REMOVED) {
        files.get(Kind.REMOVE).write(sent.getString(4));
      }
      if (change != RowChange.UNCHANGED) {
        String content = current == null ? "" : current.getString(3);
        output.add(
            RowFactory.create(
                list.index(), change.name(), key, content, null, null, null, null, null));
      }
    }

    private RowChange change(Row sent, Row current) {
      if (sent == null) {
        return RowChange.ADDED;
      }
      if (current == null) {
        return RowChange.REMOVED;
      }
      if (!sent.getString(3).equals(current.getString(3))) {
        return RowChange.CHANGED;
      }
      boolean isExpired =
          list.format()
              .resendAfterDays()
              .filter(days -> !sent.getDate(5).toLocalDate().plusDays(days).isAfter(asOf))
              .isPresent();
      boolean isAlsoRemoved = current.getBoolean(6);
      return isExpired || isAlsoRemoved ? RowChange.RESENT : RowChange.UNCHANGED;
    }

    private void closeFiles() throws IOException {
      for (SplitCsvFile file : files.values()) {
        for (WrittenFile part : file.close()) {
          output.add(
              RowFactory.create(
                  list.index(),
                  null,
                  null,
                  null,
                  part.kind(),
                  part.name(),
                  part.rows(),
                  part.bytes(),
                  part.sha256()));
        }
      }
    }
  }
}
