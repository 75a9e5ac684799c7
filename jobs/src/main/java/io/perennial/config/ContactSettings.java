package io.perennial.config;

/**
 * What is kept of the persons behind the orders.
 *
 * @param keep whether addresses are kept at all; consents are, either way
 */
public record ContactSettings(boolean keep) {}
