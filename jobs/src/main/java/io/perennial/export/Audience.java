package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import java.util.Set;

/**
 * An audience as its definition says.
 *
 * @param name its name in rows and directories
 * @param experiment draws its control group
 * @param platforms where its files go
 * @param platformName what platforms are told it is called: neutral
 * @param isMade whether the run made it: one that could not be made keeps its lists as they are
 */
public record Audience(
    String name, String experiment, Set<Platform> platforms, String platformName, boolean isMade) {}
