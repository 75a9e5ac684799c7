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

/** Sets the log level to debug and searches all log events for addresses until it is closed. */
public final class LogScanner implements AutoCloseable {

  private final AddressSearch search;
  private final AtomicLong lines = new AtomicLong();
  private final LoggerConfig root;
  private final Level level;
  private final Map<String, Appender> removedAppenders;

  public LogScanner(AddressSearch search) {
    this.search = search;
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    this.root = context.getConfiguration().getRootLogger();
    this.level = root.getLevel();
    this.removedAppenders = Map.copyOf(root.getAppenders());
    removedAppenders.keySet().forEach(root::removeAppender);
    SearchAppender searchAppender = new SearchAppender();
    searchAppender.start();
    root.addAppender(searchAppender, Level.DEBUG, null);
    root.setLevel(Level.DEBUG);
    context.updateLoggers();
  }

  /** The number of log events. */
  public long lines() {
    return lines.get();
  }

  @Override
  public void close() {
    root.removeAppender(SearchAppender.NAME);
    removedAppenders.values().forEach(appender -> root.addAppender(appender, null, null));
    root.setLevel(level);
    ((LoggerContext) LogManager.getContext(false)).updateLoggers();
  }

  private final class SearchAppender extends AbstractAppender {
    private static final String NAME = "watcher";

    private SearchAppender() {
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
