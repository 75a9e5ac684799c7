package io.perennial.audiences;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuppressionListsTest {

  @TempDir private Path folder;

  @Test
  void aListNamesCustomersByIdAddressOrHash() throws Exception {
    SparkSession spark = AudienceFixtures.session();
    Dataset<Row> contacts =
        spark.createDataFrame(
            List.of(
                RowFactory.create("by-mail", "Jane.Doe+shop@gmail.com", null),
                RowFactory.create("by-phone", null, "020 7946 0000"),
                RowFactory.create("by-hash", "kim@example.com", null),
                RowFactory.create("by-phone-hash", null, "+12125550100"),
                RowFactory.create("stays", "jane.doe@example.com", "+442079460001"),
                RowFactory.create("blank", "", "")),
            new StructType()
                .add("customer_id", DataTypes.StringType)
                .add("email", DataTypes.StringType)
                .add("phone", DataTypes.StringType));
    Path list =
        Files.writeString(
            folder.resolve("staff.csv"),
            String.join(
                "\n",
                "\uFEFF# our staff",
                "C1,reason: staff",
                "\"C2\"",
                "  C2 ",
                "",
                "janedoe@googlemail.com",
                "+44 (20) 7946-0000",
                sha256("kim@example.com").toUpperCase(java.util.Locale.ROOT),
                sha256("+12125550100")));
    Dataset<Row> lines = SuppressionLists.read(spark, List.of(list.toString()));

    assertThat(ids(SuppressionLists.customers(lines, contacts)))
        .contains("C1", "C2", "by-mail", "by-phone", "by-hash", "by-phone-hash")
        .doesNotContain("stays", "blank")
        .doesNotHaveDuplicates();
    assertThat(ids(SuppressionLists.customers(lines, contacts.limit(0)))).contains("C1", "C2");
  }

  private static List<String> ids(Dataset<Row> customers) {
    return customers.collectAsList().stream().map(row -> row.getString(0)).toList();
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aMissingListIsAProblemAndAChangedOneChangesTheStamp() throws IOException {
    SparkSession spark = AudienceFixtures.session();
    Path list = Files.writeString(folder.resolve("list.txt"), "C1\n");
    String missing = folder.resolve("missing.txt").toString();

    assertThat(SuppressionLists.problems(spark, List.of(list.toString(), missing)))
        .singleElement()
        .asString()
        .isEqualTo(
            "audiences.suppression-lists (configuration) is '"
                + missing
                + "': no such file. Put the list there, or take it out of the configuration.");
    String before = SuppressionLists.stamp(spark, List.of(list.toString()));
    Files.writeString(list, "C1\nC2\n");
    assertThat(SuppressionLists.stamp(spark, List.of(list.toString()))).isNotEqualTo(before);
  }
}
