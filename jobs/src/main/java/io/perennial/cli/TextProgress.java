package io.perennial.cli;

import io.perennial.pipeline.ProgressListener;
import io.perennial.table.RunRecord.IdentityCheck;
import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi;

/**
 * Progress of a run as text. On a terminal the last line shows the running step, and checks have a
 * colour.
 */
public final class TextProgress implements ProgressListener {

  private static final String TO_LINE_START = "\r\033[K";

  private final PrintWriter out;
  private final Ansi ansi;
  private boolean isStepShown;

  /**
   * @param ansi whether {@code out} is a terminal
   */
  public TextProgress(PrintWriter out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  @Override
  public void begin(int number, int of, String step) {
    if (ansi.enabled()) {
      out.print(TO_LINE_START + styled("faint", "[" + number + "/" + of + "] " + step + " ..."));
      out.flush();
      isStepShown = true;
    }
  }

  @Override
  public void accept(String line) {
    if (isStepShown) {
      out.print(TO_LINE_START);
      isStepShown = false;
    }
    out.println(line);
  }

  @Override
  public void done(StepDone step) {
    String line = step.line();
    accept(
        step.isUpToDate()
            ? styled("faint", line)
            : styled("bold", step.position()) + line.substring(step.position().length()));
  }

  @Override
  public void checked(IdentityCheck check) {
    accept(styled(check.holds() ? "green" : "red,bold", ProgressListener.line(check)));
  }

  private String styled(String style, String text) {
    return styled(ansi, style, text);
  }

  /** Since JDK 22 there is a console without a terminal too; the project runs on older ones. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isOnTerminal() {
    return System.console() != null;
  }

  /** Text in one of picocli's styles where ANSI is enabled, otherwise as it is. */
  static String styled(Ansi ansi, String style, String text) {
    return ansi.enabled()
        ? Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.off(Ansi.Style.parse(style))
        : text;
  }
}
