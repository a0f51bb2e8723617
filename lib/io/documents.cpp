#include "io/documents.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "io/csv.h"
#include "io/json.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece = std::size_t{1} << 20U;
constexpr std::size_t largest_json = std::size_t{1} << 30U;

enum class Kind { text, json, json_lines, csv, tsv };

Kind kind_of(const fs::path& file) {
    static const std::map<std::string, Kind> kinds = {{".json", Kind::json},
                                                      {".jsonl", Kind::json_lines},
                                                      {".csv", Kind::csv},
                                                      {".tsv", Kind::tsv}};
    const auto found = kinds.find(file.extension().string());
    return found == kinds.end() ? Kind::text : found->second;
}

/// Hands the bytes of a file on, piece by piece, without a byte order mark.
template <class Each>
void for_each_piece(const fs::path& file, Each each) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw FileError(file.string(), "a readable file", "none");
    std::string bytes(piece, '\0');
    for (bool first = true;; first = false) {
        stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        std::string_view read(bytes.data(), static_cast<std::size_t>(stream.gcount()));
        if (stream.bad()) throw FileError(file.string(), "a readable file", "a read error");
        if (read.empty()) return;
        if (first && read.starts_with("\xef\xbb\xbf")) read.remove_prefix(3);
        each(read);
    }
}

/// Hands the lines on, without their ends, and their numbers from 1. A line that does not end is
/// cut between two characters at the length of the longest document.
template <class Each>
void for_each_line(const fs::path& file, Each each) {
    std::string line;
    Index number = 1;
    const auto hand_over = [&] {
        if (line.ends_with('\r')) line.pop_back();
        each(std::string_view(line), number);
        line.clear();
    };
    for_each_piece(file, [&](std::string_view bytes) {
        while (!bytes.empty()) {
            const std::size_t end = bytes.find('\n');
            line += bytes.substr(0, end);
            if (end == std::string_view::npos) break;
            bytes.remove_prefix(end + 1);
            hand_over();
            ++number;
        }
        if (line.size() <= longest_document) return;
        std::size_t cut = longest_document;
        while (cut > longest_document - 4 &&
               (static_cast<unsigned char>(line[cut]) & 0xc0U) == 0x80U)
            --cut;
        const std::string rest = line.substr(cut);
        line.resize(cut);
        hand_over();
        line = rest;
    });
    if (!line.empty()) hand_over();
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/// Joins units to documents.
class Joiner {
   public:
    Joiner(const DocumentSource& source, const EachDocument& each, const KeepUnit& keep)
        : source_(source), each_(each), keep_(keep) {}

    void add(std::string_view unit, const std::string& where) {
        const std::string unwrapped = source_.unwrap ? with_single_spaces(unit) : std::string();
        if (source_.unwrap) unit = unwrapped;
        if (std::all_of(unit.begin(), unit.end(), is_space)) return;
        if (source_.limit > 0 && taken_ >= source_.limit) return;
        if (keep_ && !keep_(unit)) return;
        taken_ += static_cast<Index>(unit.size());
        if (units_ == 0) {
            where_ = where;
        } else {
            document_ += source_.separator;
        }
        document_ += unit;
        if (++units_ == source_.join || document_.size() >= longest_document) end();
    }
    void end() {
        if (units_ == 0) return;
        for (Index i = 0; i < source_.repeat; ++i) each_(document_, where_);
        document_.clear();
        units_ = 0;
    }

   private:
    const DocumentSource& source_;
    const EachDocument& each_;
    const KeepUnit& keep_;
    std::string document_, where_;
    Index units_ = 0, taken_ = 0;
};

std::string at_line(const fs::path& file, Index line) {
    return file.string() + ", line " + std::to_string(line);
}

void read_text(const fs::path& file, const DocumentSource& source, Joiner& joiner) {
    if (source.unit == "line") {
        for_each_line(file, [&](std::string_view line, Index number) {
            joiner.add(line, at_line(file, number));
        });
        return;
    }
    const bool whole = source.unit == "file";
    std::string unit;
    Index begin = 1;
    const auto hand_over = [&] {
        while (unit.ends_with('\n')) unit.pop_back();
        joiner.add(unit, at_line(file, begin));
        unit.clear();
    };
    for_each_line(file, [&](std::string_view line, Index number) {
        const bool empty = std::all_of(line.begin(), line.end(), is_space);
        const bool is_full = unit.size() + line.size() >= longest_document;
        if (!unit.empty() && (is_full || (!whole && empty))) hand_over();
        if (unit.empty()) begin = number;
        if (!whole && empty) return;
        unit += line;
        unit += '\n';
    });
    if (!unit.empty()) hand_over();
}

/// Text and names of fields in turn: "Q: {Q}!" gives "Q: ", "Q", "!".
std::vector<std::string> parse_form(const std::string& form) {
    std::vector<std::string> parts(1);
    for (const char c : form) {
        const bool in_field = parts.size() % 2 == 0;
        if (c == (in_field ? '}' : '{')) {
            parts.emplace_back();
        } else if (c == '{' || c == '}') {
            parts.clear();
            break;
        } else {
            parts.back() += c;
        }
    }
    if (parts.size() < 3 || parts.size() % 2 == 0) {
        throw ArgumentError("form", "fields in braces, as in \"{text}\"", "\"" + form + "\"");
    }
    return parts;
}

[[noreturn]] void no_field(const std::string& where, const std::string& field,
                           const std::string& there) {
    throw FileError(where, "a field \"" + field + "\"", "the fields " + there,
                    "name the fields of the text in the form, as in \"{question}\\n{answer}\"");
}

std::string fill(const std::vector<std::string>& form, const nlohmann::json& record,
                 const std::string& where) {
    if (record.is_string()) return record.get<std::string>();
    if (!record.is_object()) {
        throw FileError(where, "an object or a string", record.type_name());
    }
    std::string text = form[0];
    for (std::size_t i = 1; i < form.size(); i += 2) {
        const auto field = record.find(form[i]);
        if (field == record.end()) {
            std::string there;
            for (const auto& item : record.items())
                there += (there.empty() ? "\"" : ", \"") + item.key() + "\"";
            no_field(where, form[i], there);
        }
        text += field->is_string() ? field->get<std::string>() : field->dump();
        text += form[i + 1];
    }
    return text;
}

void read_json_lines(const fs::path& file, const DocumentSource& source, Joiner& joiner) {
    const std::vector<std::string> form = parse_form(source.form);
    for_each_line(file, [&](std::string_view line, Index number) {
        if (std::all_of(line.begin(), line.end(), is_space)) return;
        const std::string where = at_line(file, number);
        joiner.add(fill(form, parse_json(line, where), where), where);
    });
}

void read_json_array(const fs::path& file, const DocumentSource& source, Joiner& joiner) {
    const std::vector<std::string> form = parse_form(source.form);
    const nlohmann::json records = read_json(file, largest_json);
    if (!records.is_array()) {
        throw FileError(file.string(), "an array of records", records.type_name(),
                        "one record a line belongs into a .jsonl file");
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        const std::string where = file.string() + ", record " + std::to_string(i);
        joiner.add(fill(form, records[i], where), where);
    }
}

void read_csv(const fs::path& file, char separator, const DocumentSource& source, Joiner& joiner) {
    const std::vector<std::string> form = parse_form(source.form);
    std::vector<std::size_t> columns;  // of form[1], form[3], ...
    std::size_t width = 0;
    Index number = 0;
    const auto take = [&](const std::vector<std::string>& row) {
        const std::string where = file.string() + ", row " + std::to_string(++number);
        if (row.size() == 1 && row[0].empty()) return;
        if (columns.empty()) {
            std::string there;
            for (const std::string& name : row)
                there += (there.empty() ? "\"" : ", \"") + name + "\"";
            for (std::size_t i = 1; i < form.size(); i += 2) {
                const auto at = std::find(row.begin(), row.end(), form[i]);
                if (at == row.end()) no_field(where, form[i], there);
                columns.push_back(static_cast<std::size_t>(at - row.begin()));
            }
            width = row.size();
            return;
        }
        if (row.size() != width) {
            throw FileError(where, std::to_string(width) + " fields, as in the header",
                            std::to_string(row.size()), "put quotes around a field with commas");
        }
        std::string text = form[0];
        for (std::size_t i = 0; i < columns.size(); ++i) {
            text += row[columns[i]];
            text += form[2 * i + 2];
        }
        joiner.add(text, where);
    };
    CsvRows rows(separator);
    for_each_piece(file, [&](std::string_view bytes) { rows.add(bytes, take); });
    if (rows.in_quotes()) {
        throw FileError(file.string(), "a closing quote", "the end of the file");
    }
    rows.end(take);
}

void check(const DocumentSource& source) {
    static const std::set<std::string> units = {"file", "paragraph", "line"};
    if (!units.contains(source.unit)) {
        throw ArgumentError("unit", "file, paragraph or line", "\"" + source.unit + "\"");
    }
    if (source.join < 1) throw ArgumentError("join", "1 or more", std::to_string(source.join));
    if (source.limit < 0) throw ArgumentError("limit", "0 or more", std::to_string(source.limit));
    if (source.repeat < 1)
        throw ArgumentError("repeat", "1 or more", std::to_string(source.repeat));
}

}  // namespace

std::string with_single_spaces(std::string_view text) {
    std::string one;
    for (const char c : text) {
        if (!is_space(c)) {
            one += c;
        } else if (!one.empty() && one.back() != ' ') {
            one += ' ';
        }
    }
    if (one.ends_with(' ')) one.pop_back();
    return one;
}

std::vector<fs::path> document_files(const fs::path& path) {
    if (!fs::exists(path)) throw FileError(path.string(), "a file or a folder", "nothing there");
    if (!fs::is_directory(path)) return {path};
    static const std::set<std::string> known = {".txt", ".md", ".json", ".jsonl", ".csv", ".tsv"};
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
        if (entry.is_regular_file() && known.contains(entry.path().extension().string()))
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    if (files.empty()) {
        throw FileError(path.string(), "files that end in .txt, .md, .json, .jsonl, .csv or .tsv",
                        "none");
    }
    return files;
}

void read_documents(const DocumentSource& source, const EachDocument& each, const KeepUnit& keep) {
    check(source);
    Joiner joiner(source, each, keep);
    for (const fs::path& file : document_files(source.path)) {
        switch (kind_of(file)) {
            case Kind::text: read_text(file, source, joiner); break;
            case Kind::json: read_json_array(file, source, joiner); break;
            case Kind::json_lines: read_json_lines(file, source, joiner); break;
            case Kind::csv: read_csv(file, ',', source, joiner); break;
            case Kind::tsv: read_csv(file, '\t', source, joiner); break;
        }
        joiner.end();
    }
}

}  // namespace vitrine
