package io.perennial.export;

import io.perennial.export.ListMerge.Before;
import io.perennial.export.ListMerge.Change;
import io.perennial.export.ListMerge.Now;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes the files of the lists that a task has the rows of, in one pass over rows sorted by list,
 * key and side. What it gives back is what the private state has to learn, and the files. They are
 * written aside under a name of the task's attempt, so that a repeated task disturbs nothing.
 *
 * @param lists the plan
 * @param asOf as_of of the export
 * @param configuration Hadoop's
 */
record ListWriter(List<ExportList> lists, LocalDate asOf, SerializableConfiguration configuration)
    implements MapPartitionsFunction<Row, Row> {

  /** What it reads. */
  static final StructType INPUT =
      ExportColumns.schema(
          ExportColumns.LIST,
          ExportColumns.ROW_KEY,
          ExportColumns.SIDE,
          ExportColumns.CONTENT,
          ExportColumns.LINE,
          ExportColumns.SENT_AS_OF,
          ExportColumns.IS_HIT);

  /** What it gives back. */
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

  /** Sides of {@link ExportColumns#SIDE}. */
  static final int BEFORE = 0;

  static final int NOW = 1;

  /** The three files of an export. */
  enum Kind {
    FULL,
    ADD,
    REMOVE;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    List<String> headings(Format format) {
      return this == REMOVE ? format.removalHeadings() : format.headings();
    }
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return call(rows, TaskContext.get().taskAttemptId());
  }

  /**
   * @param attempt tells a repeated task's files from those of the first
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
      Row before = null;
      Row now = null;
      while (next != null && next.getInt(0) == open.list.index() && next.getString(1).equals(key)) {
        if (next.getInt(2) == BEFORE) {
          before = next;
        } else if (now == null) {
          now = next;
        }
        next = input.hasNext() ? input.next() : null;
      }
      open.put(key, before, now, output);
    }

    /** The files of one list. */
    private final class OpenList {
      private final ExportList list;
      private final SplitCsvFile[] files = new SplitCsvFile[Kind.values().length];

      OpenList(ExportList list) throws IOException {
        this.list = list;
        Path aside = new Path(list.aside());
        OwnerOnlyFiles filesystem = OwnerOnlyFiles.at(aside, configuration.value());
        for (Kind kind : Kind.values()) {
          files[kind.ordinal()] =
              new SplitCsvFile(
                  filesystem,
                  aside,
                  kind.label() + "." + attempt,
                  kind.headings(list.format()),
                  list.format().maxFileBytes());
        }
      }

      void put(String key, Row before, Row now, Deque<Row> rows) throws IOException {
        Change change =
            ListMerge.of(
                Optional.ofNullable(before)
                    .map(row -> new Before(row.getString(3), row.getDate(5).toLocalDate())),
                Optional.ofNullable(now).map(row -> new Now(row.getString(3), row.getBoolean(6))),
                asOf,
                list.format().resendAfterDays());
        if (change.isInFull()) {
          files[Kind.FULL.ordinal()].write(now.getString(4));
        }
        if (change.isInAdd()) {
          files[Kind.ADD.ordinal()].write(now.getString(4));
        }
        if (change == Change.REMOVED) {
          files[Kind.REMOVE.ordinal()].write(before.getString(4));
        }
        if (change != Change.KEPT) {
          String content = now == null ? "" : now.getString(3);
          rows.add(
              RowFactory.create(
                  list.index(), change.name(), key, content, null, null, null, null, null, null));
        }
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
