package io.perennial.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;

/** Lists the files below a path, without those whose path has a part that begins with _ or dot. */
final class FileListing {

  private FileListing() {}

  static List<LakeFile> list(SparkSession spark, String text) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path path = new Path(text);
    FileSystem fs = path.getFileSystem(hadoop);
    FileStatus[] matches = matches(fs, path);
    if (matches.length == 0) {
      throw LakeException.missing(text);
    }
    Path root = root(fs, path);
    List<LakeFile> files = new ArrayList<>();
    for (FileStatus match : matches) {
      if (match.isDirectory()) {
        RemoteIterator<LocatedFileStatus> below = fs.listFiles(match.getPath(), true);
        while (below.hasNext()) {
          add(files, root, below.next());
        }
      } else {
        add(files, root, match);
      }
    }
    files.sort(Comparator.comparing(LakeFile::path));
    return files;
  }

  private static FileStatus[] matches(FileSystem fs, Path path) throws IOException {
    try {
      return new FileStatus[] {fs.getFileStatus(path)};
    } catch (FileNotFoundException e) {
      FileStatus[] matches = fs.globStatus(path);
      return matches == null ? new FileStatus[0] : matches;
    }
  }

  /** The root of relative paths: the directory, the file's directory, or the glob's base. */
  private static Path root(FileSystem fs, Path path) throws IOException {
    Path root = fs.makeQualified(path);
    if (fs.exists(root)) {
      return fs.getFileStatus(root).isDirectory() ? root : root.getParent();
    }
    Path base = root;
    for (Path step = root; step != null; step = step.getParent()) {
      if (step.getName().matches(".*[*?\\[{].*")) {
        base = step.getParent();
      }
    }
    return base;
  }

  private static void add(List<LakeFile> files, Path root, FileStatus status) {
    String relative = root.toUri().relativize(status.getPath().toUri()).getPath();
    for (String part : relative.split("/")) {
      if (part.startsWith("_") || part.startsWith(".")) {
        return;
      }
    }
    files.add(
        LakeFile.of(
            relative,
            status.getPath(),
            status.getLen(),
            Instant.ofEpochMilli(status.getModificationTime())));
  }
}
