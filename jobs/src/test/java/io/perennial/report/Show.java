package io.perennial.report;

import java.nio.file.*;

public class Show {
  public static void main(String[] a) throws Exception {
    Files.writeString(Path.of("/tmp/wt/rp/s/full.html"), ReportPage.of(Story.of(36).model()));
    Files.writeString(
        Path.of("/tmp/wt/rp/s/sixty.html"), ReportPage.of(Story.of(60).in("de-DE", "EUR").model()));
    Files.writeString(Path.of("/tmp/wt/rp/s/one.html"), ReportPage.of(Story.of(1).model()));
    Files.writeString(Path.of("/tmp/wt/rp/s/tiny.html"), ReportPage.of(Story.tiny().model()));
    Files.writeString(
        Path.of("/tmp/wt/rp/s/nochurn.html"),
        ReportPage.of(Story.of(24).withoutChurn().withoutBefore().model()));
  }
}
