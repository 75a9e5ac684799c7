package io.perennial.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 as platforms require it: of UTF-8, unsalted, in lowercase hex. */
public final class Sha256 {

  private static final HexFormat HEX = HexFormat.of();

  private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::digest);

  private Sha256() {}

  public static String hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }

  public static String hex(byte[] bytes) {
    return HEX.formatHex(DIGEST.get().digest(bytes));
  }

  /** The hash of a value, or an empty cell for an empty value. */
  public static String cell(String value) {
    return value.isEmpty() ? "" : hex(value);
  }

  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }

  public static String hex(MessageDigest digest) {
    return HEX.formatHex(digest.digest());
  }
}
