package io.perennial.export;

import io.perennial.config.Sha256;
import java.util.List;

/** Rows that are their own key: of hashes and little else, so that a removal is the same row. */
final class HashedRow {

  private HashedRow() {}

  static Entry of(List<String> cells, String emailHash, String phoneHash) {
    String line = Csv.line(cells);
    return new Entry(Sha256.hex(line), "", line, cells, emailHash, phoneHash);
  }
}
