package io.perennial.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perennial.pipeline.ProgressListener;
import io.perennial.table.RunRecord.IdentityCheck;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Progress of a run for schedulers: one JSON object per line. Its {@code event} is step, identity
 * or note, and on the last line published or failed.
 */
final class JsonProgress implements ProgressListener {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;

  JsonProgress(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void accept(String line) {
    event("note", Map.of("text", line.strip()));
  }

  @Override
  public void done(StepDone step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("step", step.name());
    fields.put("number", step.number());
    fields.put("of", step.of());
    fields.put("rows", step.rows().orElse(null));
    fields.put("seconds", step.seconds());
    fields.put("is_up_to_date", step.isUpToDate());
    fields.put("note", step.note());
    event("step", fields);
  }

  @Override
  public void checked(IdentityCheck check) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("identity", check.identity());
    fields.put("left", check.left());
    fields.put("right", check.right());
    fields.put("holds", check.holds());
    event("identity", fields);
  }

  /** Writes one line. */
  void event(String name, Map<String, ?> fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", name);
    line.putAll(fields);
    try {
      out.println(JSON.writeValueAsString(line));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write as JSON: " + line, e);
    }
  }
}
