#include "io/documents.h"

#include <doctest/doctest.h>

#include <fstream>

#include "scratch_folder.h"
#include "tensor/error.h"

namespace fs = std::filesystem;
using namespace vitrine;
using vitrine::test::ScratchFolder;

namespace {

std::vector<std::string> documents(const DocumentSource& source, const KeepUnit& keep = {}) {
    std::vector<std::string> texts;
    read_documents(
        source, [&](std::string_view text, const std::string&) { texts.emplace_back(text); }, keep);
    return texts;
}

using Texts = std::vector<std::string>;

std::string error_of(const DocumentSource& source) {
    try {
        documents(source);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("documents: a text file as a whole, in paragraphs, in lines") {
    const ScratchFolder folder;
    DocumentSource source;
    source.path = folder.write("a.txt", "\xef\xbb\xbfone\r\ntwo\n \n\nthree\n  four");
    CHECK(documents(source) == Texts{"one\ntwo\n \n\nthree\n  four"});
    source.unit = "paragraph";
    CHECK(documents(source) == Texts{"one\ntwo", "three\n  four"});
    source.unwrap = true;
    CHECK(documents(source) == Texts{"one two", "three four"});
    source.join = 2;
    source.repeat = 2;
    CHECK(documents(source) == Texts{"one two\nthree four", "one two\nthree four"});
    source = {source.path};
    source.unit = "line";
    source.join = 3;
    source.separator = " / ";
    CHECK(documents(source) == Texts{"one / two / three", "  four"});
}

TEST_CASE("documents: units that are not kept are left out before joining") {
    const ScratchFolder folder;
    DocumentSource source;
    source.path = folder.write("a.txt", "one\ntwo\nthree\n");
    source.unit = "line";
    source.join = 2;
    CHECK(documents(source, [](std::string_view unit) { return unit != "two"; }) ==
          Texts{"one\nthree"});
}

TEST_CASE("documents: a limit ends a source at the unit that reaches it") {
    const ScratchFolder folder;
    DocumentSource source;
    source.path = folder.write("a.txt", "one\ntwo\nthree\nfour\n");
    source.unit = "line";
    source.limit = 4;
    CHECK(documents(source) == Texts{"one", "two"});
    source.limit = -1;
    CHECK(error_of(source).find("limit: expected 0 or more") != std::string::npos);
}

TEST_CASE("documents: records of JSON and CSV by a form") {
    const ScratchFolder folder;
    DocumentSource source;
    source.form = "Q: {q}\nA: {a}";
    source.path = folder.write("a.jsonl", "{\"q\": \"who?\", \"a\": 3}\n\n\"said\"\n");
    CHECK(documents(source) == Texts{"Q: who?\nA: 3", "said"});
    source.path = folder.write("a.json", R"([{"q": "x", "a": "y", "b": 1}])");
    CHECK(documents(source) == Texts{"Q: x\nA: y"});
    source.path = folder.write("a.csv", "a,b,q\r\n\"yes, \"\"so\"\"\nit is\",1,why\r\n,,empty");
    CHECK(documents(source) == Texts{"Q: why\nA: yes, \"so\"\nit is", "Q: empty\nA: "});
    source.path = folder.write("a.tsv", "q\ta\none\ttwo\n");
    CHECK(documents(source) == Texts{"Q: one\nA: two"});
}

TEST_CASE("documents: a folder gives its files by name, other kinds left out") {
    const ScratchFolder folder;
    folder.write("b.txt", "second");
    folder.write("a.jsonl", "{\"text\": \"first\"}");
    folder.write("c.png", "no text");
    folder.write("empty.txt", "");
    CHECK(documents({folder.path()}) == Texts{"first", "second"});
}

TEST_CASE("documents: an endless line is cut between characters and loses nothing") {
    const ScratchFolder folder;
    std::string line = "x";
    while (line.size() < longest_document + 100) line += "한";
    DocumentSource source;
    source.path = folder.write("long.txt", line);
    source.unit = "line";
    const Texts texts = documents(source);
    REQUIRE(texts.size() == 2);
    CHECK(texts[0] + texts[1] == line);
    CHECK(texts[0].size() <= longest_document);
    CHECK(texts[1].size() % 3 == 0);  // begins with a whole syllable
    source.unit = "file";
    const Texts parts = documents(source);
    REQUIRE(parts.size() == 2);
    CHECK(parts == texts);
}

TEST_CASE("documents: what can't be read is said with its place") {
    const ScratchFolder folder;
    DocumentSource source;
    source.path = folder.path() / "none.txt";
    CHECK(error_of(source).find("none.txt: expected a file or a folder, got nothing there") !=
          std::string::npos);
    source.path = folder.write("a.jsonl", "{\"text\": \"x\"}\n{\"body\": \"x\"}\n");
    CHECK(error_of(source).find("line 2: expected a field \"text\", got the fields \"body\"") !=
          std::string::npos);
    source.path = folder.write("b.jsonl", "{\"text\": \n");
    CHECK(error_of(source).find("b.jsonl, line 1: expected JSON") != std::string::npos);
    source.path = folder.write("c.json", "{}");
    CHECK(error_of(source).find("expected an array of records") != std::string::npos);
    source.path = folder.write("d.csv", "text,b\nx,1,2\n");
    CHECK(error_of(source).find("row 2: expected 2 fields, as in the header, got 3") !=
          std::string::npos);
    source.path = folder.write("e.csv", "text,b\n\"x,1\n");
    CHECK(error_of(source).find("expected a closing quote") != std::string::npos);
    source.form = "{text";
    CHECK(error_of(source).find("form: expected fields in braces") != std::string::npos);
    source = {folder.write("f.txt", "x")};
    source.unit = "word";
    CHECK(error_of(source).find("unit: expected file, paragraph or line") != std::string::npos);
    source.unit = "line";
    source.join = 0;
    CHECK(error_of(source).find("join: expected 1 or more") != std::string::npos);
}
