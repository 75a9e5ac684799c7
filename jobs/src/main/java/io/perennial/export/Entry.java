package io.perennial.export;

import java.util.List;

/**
 * A row of a list: what is sent of one person to one platform.
 *
 * @param key tells rows of the platform apart: equal keys are the same row
 * @param content what is compared to see whether a row with the same key has changed; empty where
 *     the key says it all
 * @param line the row as it stands in {@code full} and {@code add}
 * @param kept what the private state remembers to make a removal of: hashes, never an address
 * @param emailHash hash of the e-mail address as sent, empty without one
 * @param phoneHash hash of the phone number as sent, empty without one
 */
record Entry(
    String key,
    String content,
    String line,
    List<String> kept,
    String emailHash,
    String phoneHash) {}
