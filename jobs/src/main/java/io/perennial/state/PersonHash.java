package io.perennial.state;

import static org.apache.spark.sql.functions.*;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Pseudonyms of persons: HMAC-SHA-256 under a salt of the private state, as lowercase hex. A
 * person's hash never changes; without the salt it cannot be found by trying ids.
 *
 * <p>A user-defined function, since Spark has no keyed hash and would print a literal salt in its
 * plans.
 */
public final class PersonHash implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final String PURPOSE = "erasure";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BUCKET_BITS = 0xFFFF;

  private final byte[] salt;
  private transient volatile ThreadLocal<Mac> macs;

  PersonHash(String hexSalt) {
    this.salt = HexFormat.of().parseHex(hexSalt);
  }

  /** The hash that the ledgers of the private state use. */
  public static PersonHash of(PrivateState state) {
    return new PersonHash(state.salt(PURPOSE));
  }

  public String ofCustomer(String customerId) {
    return hash("customer:" + customerId);
  }

  String ofOrder(String orderId) {
    return hash("order:" + orderId);
  }

  /** The hash of each customer of a dataset; null for null. */
  public Column ofCustomer(Column customerId) {
    UDF1<String, String> hash = id -> id == null ? null : ofCustomer(id);
    return udf(hash, DataTypes.StringType).apply(customerId);
  }

  /**
   * The hash of an e-mail address or telephone number. Ignores letter case and surrounding blanks
   * of an address, and everything but the digits of a number.
   *
   * @return null where nothing is left to hash
   */
  public String ofAddress(String address) {
    String normal =
        address.indexOf('@') >= 0
            ? address.strip().toLowerCase(Locale.ROOT)
            : address.replaceAll("\\D+", "").replaceAll("^0+", "");
    return normal.isEmpty() ? null : hash("address:" + normal);
  }

  /**
   * Sixteen bits of a cheap hash, 0 to 65535: only ids in the bucket of an erased person need an
   * HMAC. Too few bits to identify a person by.
   */
  int bucket(String customerId) {
    int h = (salt[0] << 24) ^ (salt[1] << 16) ^ (salt[2] << 8) ^ salt[3];
    for (int i = 0; i < customerId.length(); i++) {
      h = 31 * h + customerId.charAt(i);
    }
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    return (h ^ (h >>> 13)) & BUCKET_BITS;
  }

  private String hash(String text) {
    return HexFormat.of().formatHex(mac().doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  private Mac mac() {
    ThreadLocal<Mac> known = macs;
    if (known == null) {
      known = ThreadLocal.withInitial(this::newMac);
      macs = known;
    }
    return known.get();
  }

  private Mac newMac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(salt, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JVM has " + ALGORITHM, e);
    }
  }
}
