package io.perennial.export;

import io.perennial.config.Sha256;
import java.util.List;

/**
 * A row of a list: what one platform receives about one person.
 *
 * @param key identifies the row on the platform: equal keys are the same row
 * @param content hash that tells whether a row with the same key has changed; empty where the key
 *     covers the whole row
 * @param line the row as written to {@code full} and {@code add}
 * @param removalCells cells that the private state keeps to write a removal: hashes or a customer
 *     id, never an address
 * @param emailHash hash of the e-mail address as sent, empty without one
 * @param phoneHash hash of the phone number as sent, empty without one
 */
record ListEntry(
    String key,
    String content,
    String line,
    List<String> removalCells,
    String emailHash,
    String phoneHash) {

  /** A row that is its own key, so that its removal is the same row. */
  static ListEntry ofHashes(List<String> cells, String emailHash, String phoneHash) {
    String line = Csv.line(cells);
    return new ListEntry(Sha256.hex(line), "", line, cells, emailHash, phoneHash);
  }
}
