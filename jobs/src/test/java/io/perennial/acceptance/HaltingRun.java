package io.perennial.acceptance;

import io.perennial.acceptance.CrashPlan.Mode;
import io.perennial.pipeline.Steps;
import io.perennial.step.Step;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A separate JVM that runs a {@link CrashScenario} until it halts. */
final class HaltingRun {

  private HaltingRun() {}

  /**
   * @param steps steps of the run
   * @param options JVM options that Spark needs
   */
  static Process start(Path folder, List<Step> steps, CrashPoint point, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    options.stream().filter(option -> !option.startsWith("-javaagent")).forEach(command::add);
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", // The JVM runs only for seconds.
            "-cp",
            System.getProperty("java.class.path"),
            HaltingRun.class.getName(),
            folder.toString(),
            point.argument()));
    steps.forEach(step -> command.add(step.name()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File(folder.toFile(), "halting-run.log"))
        .start();
  }

  /**
   * @param args the folder, the point, and the names of steps
   */
  public static void main(String[] args) throws IOException {
    List<String> names = List.of(args).subList(2, args.length);
    List<Step> steps = Steps.ALL.stream().filter(step -> names.contains(step.name())).toList();
    CrashScenario.in(Path.of(args[0]), steps)
        .crash(CrashPoint.of(args[1]), Mode.HALT)
        .ifPresent(Exception::printStackTrace);
    System.exit(0);
  }
}
