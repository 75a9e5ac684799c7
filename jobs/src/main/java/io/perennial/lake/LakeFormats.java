package io.perennial.lake;

import io.perennial.config.SourceSettings.Format;
import io.perennial.spark.FileFooters;

/** The registry of lake formats: one for each name that the configuration allows. */
final class LakeFormats {

  private LakeFormats() {}

  static LakeFormat of(Format format) {
    return switch (format) {
      case CSV -> new CsvFormat();
      case JSON -> new JsonFormat();
      case PARQUET -> new ColumnarFormat("parquet", FileFooters::parquet);
      case ORC -> new ColumnarFormat("orc", FileFooters::orc);
      case DELTA -> new DeltaFormat();
    };
  }
}
