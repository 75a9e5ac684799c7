package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import java.io.Serializable;

/**
 * An audience on a platform: what is uploaded there under one name.
 *
 * @param index place in this export's plan
 * @param audience name of the audience
 * @param platformName what the platform is told it is called
 * @param format how its files look
 * @param number how many times it was exported, with this one
 * @param exportId names this export's directory
 * @param directory of the audience on the platform
 * @param isRetired whether it is no longer configured, so that everybody is removed
 */
record ExportList(
    int index,
    String audience,
    String platformName,
    Format format,
    int number,
    String exportId,
    String directory,
    boolean isRetired)
    implements Serializable {

  Platform platform() {
    return format.platform();
  }

  /** Where files wait until the run is published. */
  String aside() {
    return directory + "/." + exportId;
  }

  /** Where they are then. */
  String published() {
    return directory + "/" + exportId;
  }

  @Override
  public String toString() {
    return audience + " for " + platform().label();
  }
}
