package io.perennial.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The content of {@code manifest.json}, the last file of an export to appear: an export without one
 * is not complete. The same input gives the same bytes.
 */
record Manifest(
    ExportRun run,
    ExportList list,
    ListCounts counts,
    List<WrittenFile> files,
    List<String> warnings) {

  static final String NAME = "manifest.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  byte[] bytes() {
    ObjectNode root = JSON.createObjectNode();
    root.put("audience", list.audience());
    root.put("platform", list.platform().label());
    root.put("platform_name", list.platformName());
    root.put("export_id", list.exportId());
    root.put("as_of", run.asOf().toString());
    root.put("rule_version", list.format().ruleVersion());
    ObjectNode columns = root.putObject("columns");
    texts(columns.putArray("full_and_add"), list.format().headings());
    texts(columns.putArray("remove"), list.format().removalHeadings());
    texts(columns.putArray("key"), list.format().keyHeadings());
    root.put(
        "apply",
        "Take the previous full, drop rows whose key is in remove or in add, put the rows of add:"
            + " this is full. On the platform: remove first, then add.");
    ArrayNode suppression = root.putArray("suppression");
    run.inputs()
        .suppressions()
        .getOrDefault(list.audience(), List.of())
        .forEach(step -> step(suppression.addObject(), step));
    counts.steps().forEach(step -> step(suppression.addObject(), step));
    ObjectNode dropped = root.putObject("cells_left_empty");
    dropped.put("email_is_no_address", counts.badEmails());
    dropped.put("phone_is_no_number_or_lacks_a_country", counts.badPhones());
    ObjectNode rows = root.putObject("rows");
    for (ListWriter.Kind kind : ListWriter.Kind.values()) {
      rows.put(kind.label(), rows(files, kind));
    }
    ArrayNode written = root.putArray("files");
    for (WrittenFile file : files) {
      written
          .addObject()
          .put("name", file.name())
          .put("kind", file.kind())
          .put("rows", file.rows())
          .put("bytes", file.bytes())
          .put("sha256", file.sha256());
    }
    run.plan()
        .previous(list)
        .ifPresentOrElse(
            previous -> previous(root.putObject("previous_manifest"), previous),
            () -> root.putNull("previous_manifest"));
    texts(root.putArray("warnings"), warnings);
    try {
      return (JSON.writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers can always be written", e);
    }
  }

  private void previous(ObjectNode node, SentExport previous) {
    String directory = previous.directory().equals(list.directory()) ? ".." : previous.directory();
    node.put("path", directory + "/" + previous.exportId() + "/" + NAME);
    node.put("sha256", previous.manifestSha256());
  }

  /** Rows of all CSV parts of a kind; Parquet files hold the same rows again. */
  static long rows(List<WrittenFile> files, ListWriter.Kind kind) {
    return files.stream()
        .filter(file -> file.kind().equals(kind.label()) && file.name().endsWith(".csv"))
        .mapToLong(WrittenFile::rows)
        .sum();
  }

  private static void step(ObjectNode node, SuppressionStep step) {
    node.put("step", step.step());
    node.put("customers_in", step.customersIn());
    node.put("customers_out", step.customersOut());
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
