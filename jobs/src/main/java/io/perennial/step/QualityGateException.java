package io.perennial.step;

import io.perennial.config.UserFacingError;
import io.perennial.table.RunRecord.IdentityCheck;
import java.util.List;

/** A quality gate refuses to publish: exit code 3. The message says which, why and what to do. */
public final class QualityGateException extends RuntimeException implements UserFacingError {

  private static final long serialVersionUID = 1L;

  private final transient List<IdentityCheck> reconciliation;

  public QualityGateException(String message) {
    this(message, List.of());
  }

  public QualityGateException(String message, List<IdentityCheck> reconciliation) {
    super(message);
    this.reconciliation = reconciliation;
  }

  public List<IdentityCheck> reconciliation() {
    return reconciliation;
  }
}
