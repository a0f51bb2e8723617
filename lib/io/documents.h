// Documents streamed out of text files, folders, JSON lines and CSV columns: what a tokenizer or a
// model is trained on. A file is read in pieces, so that it may be larger than memory.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine {

/// Where documents come from and how units of a file (paragraphs, lines, records) make documents.
struct DocumentSource {
    /// A file, or a folder: every .txt, .md, .json, .jsonl, .csv and .tsv under it, by name.
    /// .jsonl holds an object or a string a line, .json an array of them, .csv and .tsv columns
    /// with a header line; everything else is text.
    std::filesystem::path path;
    /// Of a text file: "file" (the whole file), "paragraph" (ends at an empty line) or "line".
    std::string unit = "file";
    /// Of a record: its text, fields in braces, as in "Q: {Q}\nA: {A}". A string is its own text.
    std::string form = "{text}";
    bool unwrap = false;           // runs of white space in a unit become one space
    Index join = 1;                // units to a document
    std::string separator = "\n";  // between them
    Index repeat = 1;              // every document comes so many times, one after the other
    Index limit = 0;               // stops after so many bytes of units; 0: reads all
};

/// A document longer than this is cut: at a line end, or between two characters of an endless line.
constexpr std::size_t longest_document = std::size_t{16} << 20U;

/// Gets a text and where it begins: "tales.txt, line 12". The text is gone afterwards.
using EachDocument = std::function<void(std::string_view text, const std::string& where)>;
/// False: this unit is left out.
using KeepUnit = std::function<bool(std::string_view unit)>;

/// Reads the documents of a source in order. Line ends become \n, a byte order mark, line ends at
/// the end of a unit and empty units are left out. Bytes of text files are handed on as they are:
/// who needs UTF-8 checks it.
/// @throws FileError      for a file that is missing or no JSON or CSV, or a record without a field
/// @throws ArgumentError  for a unit, a form or a number that makes no sense
void read_documents(const DocumentSource& source, const EachDocument& each,
                    const KeepUnit& keep = {});

/// The files of a path, by name: itself, or those of a folder.
/// @throws FileError  if it is missing or the folder has none
std::vector<std::filesystem::path> document_files(const std::filesystem::path& path);

/// The text with runs of white space as one space, and none at its ends: what `unwrap` makes.
std::string with_single_spaces(std::string_view text);

}  // namespace vitrine
