package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import java.util.Set;

/**
 * The part of an audience's definition that its export needs.
 *
 * @param name name in rows and directories
 * @param experiment name that the control group is drawn by
 * @param platforms platforms that files are written for
 * @param platformName neutral name that platforms are given
 * @param isBuilt whether the run built the audience; the lists of one that failed stay as they are
 */
public record ExportAudience(
    String name,
    String experiment,
    Set<Platform> platforms,
    String platformName,
    boolean isBuilt) {}
