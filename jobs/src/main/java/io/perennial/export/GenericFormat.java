package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.ExportSettings.Property;
import io.perennial.config.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files by customer id, for systems that know the shop's customers. */
record GenericFormat(ExportSettings.Generic settings) implements PlatformFormat {

  static final String ID = "customer_id";

  @Override
  public Platform platform() {
    return Platform.GENERIC;
  }

  @Override
  public String ruleVersion() {
    return "generic-1";
  }

  @Override
  public List<String> headings() {
    return Stream.concat(Stream.of(ID), settings.columns().stream().map(Property::heading))
        .toList();
  }

  @Override
  public List<String> removalHeadings() {
    return List.of(ID);
  }

  @Override
  public List<String> keyHeadings() {
    return List.of(ID);
  }

  @Override
  public List<String> profileColumns() {
    return settings.columns().stream().map(Property::column).toList();
  }

  @Override
  public boolean writesParquet() {
    return settings.fileFormats().contains(FileFormat.PARQUET);
  }

  @Override
  public boolean usesAddresses() {
    return false;
  }

  @Override
  public Optional<ListEntry> entry(Person person) {
    List<String> cells = new ArrayList<>(List.of(person.customerId()));
    cells.addAll(person.profileCells(profileColumns()));
    String line = Csv.line(cells);
    return Optional.of(
        new ListEntry(
            Sha256.hex("generic|" + person.customerId()),
            settings.columns().isEmpty() ? "" : Sha256.hex(line),
            line,
            List.of(person.customerId()),
            "",
            ""));
  }
}
