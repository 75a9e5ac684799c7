package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import java.io.Serializable;
import org.apache.hadoop.fs.Path;

/**
 * An audience on a platform: what is uploaded there under one name.
 *
 * @param index place among the lists of this export
 * @param platformName name that the platform is given
 * @param number how many exports the list has, with this one
 * @param exportId names this export's directory
 * @param directory of the audience on the platform
 * @param isRetired whether the list is no longer configured, so that all members are removed
 */
record ExportList(
    int index,
    String audience,
    String platformName,
    PlatformFormat format,
    int number,
    String exportId,
    String directory,
    boolean isRetired)
    implements Serializable {

  Platform platform() {
    return format.platform();
  }

  /** The directory where files wait until the run is published. */
  Path staging() {
    return new Path(directory, "." + exportId);
  }

  /** The directory that the files are published in. */
  String publishedDirectory() {
    return directory + "/" + exportId;
  }

  ExportList withIndex(int newIndex) {
    return new ExportList(
        newIndex, audience, platformName, format, number, exportId, directory, isRetired);
  }

  ExportList retired() {
    return new ExportList(index, audience, platformName, format, number, exportId, directory, true);
  }

  @Override
  public String toString() {
    return audience + " for " + platform().label();
  }
}
