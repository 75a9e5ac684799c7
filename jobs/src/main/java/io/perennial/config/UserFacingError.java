package io.perennial.config;

/** A failure whose message tells the user, alone, what failed, where, why and what to do. */
public interface UserFacingError {}
