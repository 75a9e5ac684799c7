package io.perennial.table.delta;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.InterpretedPredicate;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.SnapshotDescriptor;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.files.TahoeBatchFileIndex;
import org.apache.spark.sql.execution.datasources.LogicalRelation$;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Scans the files of a given list. Delta runs a Spark query to prune files by a partition
 * condition; this class evaluates the condition on each file's day.
 */
final class FileListScan extends TahoeBatchFileIndex {

  private FileListScan(DeltaLog log, SnapshotDescriptor table, Seq<AddFile> files) {
    super(log.spark(), "batch", files, log, log.dataPath(), table, false);
  }

  /**
   * The rows of some files.
   *
   * @param table a version that has their columns
   */
  static Dataset<Row> rows(DeltaLog log, SnapshotDescriptor table, Seq<AddFile> files) {
    if (files.isEmpty()) {
      // Spark removes an empty local relation from a plan.
      return log.spark().createDataFrame(List.of(), table.schema());
    }
    return org.apache.spark.sql.classic.Dataset.ofRows(
        (SparkSession) log.spark(),
        LogicalRelation$.MODULE$.apply(
            log.buildHadoopFsRelationWithFileIndex(
                table, new FileListScan(log, table, files), Option.empty(), false),
            false));
  }

  @Override
  public Seq<AddFile> matchingFiles(Seq<Expression> ofPartition, Seq<Expression> ofRow) {
    Optional<Expression> condition =
        CollectionConverters.asJava(ofPartition).stream()
            .reduce((one, other) -> new And(one, other));
    if (condition.isEmpty()) {
      return addFiles();
    }
    Expression wanted = condition.get();
    List<Attribute> columns = List.copyOf(CollectionConverters.asJava(wanted.references().toSeq()));
    return areDays(columns) && !wanted.exists(part -> part instanceof PlanExpression<?>)
        ? matching(wanted, columns)
        : super.matchingFiles(ofPartition, ofRow);
  }

  @SuppressWarnings("unchecked") // A list of files in Scala has no type of its own in Java.
  private Seq<AddFile> matching(Expression wanted, List<Attribute> columns) {
    InterpretedPredicate isWanted =
        new InterpretedPredicate(
            BindReferences.bindReference(
                wanted,
                package$.MODULE$.AttributeSeq(CollectionConverters.asScala(columns).toSeq()),
                false));
    isWanted.initialize(0);
    return addFiles().filter(file -> isWanted.eval(days(file, columns))).toSeq();
  }

  private static boolean areDays(List<Attribute> columns) {
    return columns.stream()
        .allMatch(
            column ->
                column instanceof AttributeReference
                    && column.dataType().equals(DataTypes.DateType));
  }

  private static GenericInternalRow days(AddFile file, List<Attribute> columns) {
    return new GenericInternalRow(
        columns.stream().map(column -> epochDay(file, column.name())).toArray());
  }

  private static Object epochDay(AddFile file, String column) {
    String day = file.partitionValues().apply(column);
    return day == null ? null : (int) LocalDate.parse(day).toEpochDay();
  }
}
