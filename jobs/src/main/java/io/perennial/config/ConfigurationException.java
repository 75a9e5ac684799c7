package io.perennial.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. Its message lists every problem. */
public final class ConfigurationException extends RuntimeException implements UserFacingError {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public ConfigurationException(List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> "  - " + problem)
            .collect(
                Collectors.joining(
                    "\n",
                    "Cannot use the configuration: "
                        + problems.size()
                        + (problems.size() == 1 ? " problem" : " problems")
                        + "\n",
                    "")));
    this.problems = List.copyOf(problems);
  }

  public ConfigurationException(Problem problem) {
    this(List.of(problem));
  }

  public List<Problem> problems() {
    return problems;
  }
}
