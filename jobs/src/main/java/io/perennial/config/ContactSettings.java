package io.perennial.config;

/**
 * Retention of personal data.
 *
 * @param keep whether addresses are kept; consents always are
 */
public record ContactSettings(boolean keep) {}
