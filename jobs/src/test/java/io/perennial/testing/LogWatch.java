package io.perennial.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Searches everything that is logged at debug level while it is open for addresses. */
public final class LogWatch implements AutoCloseable {

  private final AddressSearch search;
  private final AtomicLong lines = new AtomicLong();
  private final LoggerConfig root;
  private final Level level;
  private final Map<String, Appender> silenced;

  public LogWatch(AddressSearch search) {
    this.search = search;
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    this.root = context.getConfiguration().getRootLogger();
    this.level = root.getLevel();
    this.silenced = Map.copyOf(root.getAppenders());
    silenced.keySet().forEach(root::removeAppender);
    Watcher watcher = new Watcher();
    watcher.start();
    root.addAppender(watcher, Level.DEBUG, null);
    root.setLevel(Level.DEBUG);
    context.updateLoggers();
  }

  /** How many events were logged. */
  public long lines() {
    return lines.get();
  }

  @Override
  public void close() {
    root.removeAppender(Watcher.NAME);
    silenced.values().forEach(appender -> root.addAppender(appender, null, null));
    root.setLevel(level);
    ((LoggerContext) LogManager.getContext(false)).updateLoggers();
  }

  private final class Watcher extends AbstractAppender {
    private static final String NAME = "watcher";

    private Watcher() {
      super(NAME, null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      lines.incrementAndGet();
      search.read(event.getMessage().getFormattedMessage());
      if (event.getThrown() != null) {
        StringWriter trace = new StringWriter();
        event.getThrown().printStackTrace(new PrintWriter(trace));
        search.read(trace.toString());
      }
    }
  }
}
