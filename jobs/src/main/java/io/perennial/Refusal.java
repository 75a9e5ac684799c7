package io.perennial;

import io.perennial.table.RunRecord.IdentityCheck;
import java.util.List;

/** A quality gate refuses to publish: exit code 3. The message says which, why and what to do. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<IdentityCheck> reconciliation;

  Refusal(String message) {
    this(message, List.of());
  }

  Refusal(String message, List<IdentityCheck> reconciliation) {
    super(message);
    this.reconciliation = reconciliation;
  }

  List<IdentityCheck> reconciliation() {
    return reconciliation;
  }
}
