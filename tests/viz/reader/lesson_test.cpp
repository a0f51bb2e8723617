// Every lesson: both languages have the same shape, and nothing it quotes has drifted: code, links,
// formulas, pictures, commands, numbers.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <set>
#include <sstream>

#include "chapters/runner/manifest.h"
#include "io/assets.h"
#include "io/json.h"
#include "models/language_model.h"
#include "tests/chapters/workspace_fixture.h"
#include "tests/cli/run_program.h"
#include "text/tokenizer.h"
#include "viz/app/link.h"
#include "viz/reader/computed.h"
#include "viz/reader/document.h"
#include "viz/reader/math.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

/// Every block of a document, its children after it.
std::vector<const Block*> all_blocks(const std::vector<Block>&& blocks) = delete;  // would dangle
std::vector<const Block*> all_blocks(const std::vector<Block>& blocks) {
    std::vector<const Block*> result;
    for (const Block& block : blocks) {
        result.push_back(&block);
        for (const Block* child : all_blocks(block.children)) result.push_back(child);
    }
    return result;
}

std::vector<const Span*> all_spans(const Document&& document) = delete;
std::vector<const Span*> all_spans(const Document& document) {
    std::vector<const Span*> result;
    for (const Block* block : all_blocks(document.blocks)) {
        for (const Span& span : block->spans) result.push_back(&span);
        for (const auto& row : block->rows) {
            for (const Spans& cell : row) {
                for (const Span& span : cell) result.push_back(&span);
            }
        }
    }
    return result;
}

bool is_math(const Span& span) {
    return span.kind == Span::Kind::math || span.kind == Span::Kind::display_math;
}

/// What must be equal in both languages, one line each, in the order of the text.
std::vector<std::string> shape_of_lesson(const Document& document) {
    std::vector<std::string> lines;
    for (const Block* block : all_blocks(document.blocks)) {
        switch (block->kind) {
            case Block::Kind::heading:
                lines.push_back("heading " + std::to_string(block->level));
                break;
            case Block::Kind::code: lines.push_back("code " + block->info); break;
            case Block::Kind::quote: lines.push_back("question"); break;
            case Block::Kind::image: lines.push_back("picture " + block->source); break;
            case Block::Kind::table:
                lines.push_back("table " + std::to_string(block->rows.size()) + " x " +
                                std::to_string(block->alignment.size()));
                break;
            case Block::Kind::item: lines.push_back("item"); break;
            default: break;
        }
    }
    return lines;
}

std::multiset<std::string> links(const Document& document) {
    std::multiset<std::string> result;
    std::string last;
    for (const Span* span : all_spans(document)) {
        if (!span->link.empty() && span->link != last) result.insert(span->link);
        last = span->link;
    }
    return result;
}

std::vector<std::string> display_formulas(const Document& document) {
    std::vector<std::string> result;
    for (const Span* span : all_spans(document)) {
        if (span->kind == Span::Kind::display_math) result.push_back(span->text);
    }
    return result;
}

/// Runs the commands of a ```console block; the lines under one, if there are any, are what it
/// prints.
void check_console(const std::string& text) {
    for (const QuotedCommand& command : quoted_commands(text)) {
        CAPTURE(command.line);
        const test::Finished finished = test::run_vitrine(command.words);
        CHECK(finished.status == 0);
        if (!command.printed.empty()) CHECK(finished.out == command.printed);
    }
}

/// The console blocks inside of answers: the app computes them when the answer is asked for.
std::vector<const Block*> computed_blocks(const Document& document) {
    std::vector<const Block*> result;
    for (const Block* block : all_blocks(document.blocks)) {
        if (block->info != "answer") continue;
        for (const Block* child : all_blocks(block->children)) {
            if (child->info == "console") result.push_back(child);
        }
    }
    return result;
}

/// One line of a ```pattern block: "query" "key" weight. Returns false for the head line.
bool read_pattern_line(const std::string& line, std::string& query, std::string& key,
                       std::string& weight) {
    const std::size_t a = line.find('"'), b = line.find('"', a + 1), c = line.find('"', b + 1),
                      d = line.find('"', c + 1);
    if (a == std::string::npos || d == std::string::npos) return false;
    query = line.substr(a + 1, b - a - 1);
    key = line.substr(c + 1, d - c - 1);
    weight = line.substr(line.find_first_not_of(' ', d + 1));
    return true;
}

/// Compares a ```pattern block with the bundled model, to the two digits that it quotes.
void check_pattern(const Block& block) {
    static const auto model = load_language_model(bundled_model_folder());
    static const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
    const std::string name = "blocks." + info_value(block.info, "layer") + ".attn.pattern";
    const Encoding text = tokenizer.encode(info_value(block.info, "text"));
    std::vector<int> ids = text.ids;
    ids.insert(ids.begin(), model->info().bos_id);  // as the app does
    Record record = Record::of({name});
    const Sequence sequence{ids, nullptr, &record};
    model->forward({&sequence, 1});
    const Activation& pattern = record.cache().at(name);  // [H, T, S]
    const auto H = static_cast<std::size_t>(std::stoi(info_value(block.info, "head")));
    const std::size_t T = ids.size();
    // Of a token that is there twice, the query is the last and the key the first.
    const auto position = [&](const std::string& token, bool last) {
        std::size_t found = T;
        for (std::size_t t = 1; t < T; ++t) {
            const bool is_it = tokenizer.decode(std::vector<int>{ids[t]}) == token;
            if (is_it && (last || found == T)) found = t;
        }
        if (found == T) FAIL("no token " << token);
        return found;
    };
    std::istringstream lines(block.text);
    int compared = 0;
    for (std::string line, query, key, weight; std::getline(lines, line);) {
        if (!read_pattern_line(line, query, key, weight)) continue;
        CAPTURE(line);
        char computed[16];
        std::snprintf(computed, sizeof computed, "%.2f",
                      static_cast<double>(pattern.values.at((H * T + position(query, true)) * T +
                                                            position(key, false))));
        CHECK(weight == computed);
        ++compared;
    }
    CHECK(compared > 0);
}

std::string lesson_text(const runner::Chapter& chapter, bool korean) {
    return read_file(chapter.lesson(korean), 1U << 20U);
}

template <class Check>
void each_lesson(Check check) {
    for (const runner::Chapter& chapter : runner::load_chapters()) {
        for (const bool korean : {false, true}) {
            CAPTURE(chapter.id);
            CAPTURE(korean);
            check(chapter, korean);
        }
    }
}

}  // namespace

TEST_CASE("lesson: both languages have the same shape, links and formulas") {
    for (const runner::Chapter& chapter : runner::load_chapters()) {
        CAPTURE(chapter.id);
        const Document english = load_lesson(chapter.lesson(false));
        const Document korean = load_lesson(chapter.lesson(true));
        CHECK(shape_of_lesson(english) == shape_of_lesson(korean));
        CHECK(links(english) == links(korean));
        CHECK(display_formulas(english) == display_formulas(korean));
        CHECK_FALSE(display_formulas(english).empty());
    }
}

TEST_CASE("lesson: as long as a lesson should be, with questions and an answer to each") {
    each_lesson([](const runner::Chapter& chapter, bool korean) {
        std::istringstream stream(lesson_text(chapter, korean));
        int words = 0;
        for (std::string word; stream >> word;) ++words;
        CHECK(words >= 800);
        CHECK(words <= 1800);
        const Document document = load_lesson(chapter.lesson(korean));
        int questions = 0;
        for (std::size_t i = 0; i < document.blocks.size(); ++i) {
            if (document.blocks[i].kind != Block::Kind::quote) continue;
            ++questions;
            REQUIRE(i + 1 < document.blocks.size());
            CHECK(document.blocks[i + 1].info == "answer");
            const std::vector<const Block*> inner = all_blocks(document.blocks[i].children);
            REQUIRE_FALSE(inner.empty());
            REQUIRE_FALSE(inner.front()->spans.empty());
            CHECK(inner.front()->spans.front().text == (korean ? "예측해 보기." : "Predict."));
        }
        CHECK(questions >= 2);
    });
}

TEST_CASE("lesson: every excerpt is code of the chapter's module") {
    each_lesson([](const runner::Chapter& chapter, bool korean) {
        const Document document = load_lesson(chapter.lesson(korean));  // throws without a marker
        int excerpts = 0;
        for (const Block* block : all_blocks(document.blocks)) {
            const std::string file = info_value(block->info, "file");
            if (block->kind != Block::Kind::code || file.empty()) continue;
            ++excerpts;
            CHECK(block->text.size() > 10);
            // Line for line in the source, without the indentation.
            const std::string source = read_file(chapter.folder / file, 1U << 20U);
            std::istringstream lines(block->text);
            for (std::string line; std::getline(lines, line);)
                CHECK(source.find(line) != std::string::npos);
        }
        CHECK(excerpts >= 1);
    });
}

TEST_CASE("lesson: every formula can be laid out, every link leads somewhere, pictures exist") {
    each_lesson([](const runner::Chapter& chapter, bool korean) {
        const Document document = load_lesson(chapter.lesson(korean));
        const auto advance = [](char32_t, bool, float size) { return size / 2; };
        for (const Span* span : all_spans(document)) {
            if (is_math(*span)) {
                CAPTURE(span->text);
                const bool display = span->kind == Span::Kind::display_math;
                CHECK_NOTHROW(lay_out_math(span->text, 16, display, advance));
            }
        }
        bool to_stage = false;
        for (const std::string& link : links(document)) {
            CAPTURE(link);
            if (link.rfind("https://", 0) == 0) continue;
            CHECK_NOTHROW(parse_view_link(link));
            to_stage = true;
        }
        CHECK(to_stage);
        for (const Block* block : all_blocks(document.blocks)) {
            if (block->kind != Block::Kind::image) continue;
            CAPTURE(block->source);
            CHECK(std::filesystem::exists(chapter.folder / block->source));
            CHECK_FALSE(block->text.empty());
        }
    });
}

TEST_CASE("lesson: quoted commands run and print what the lesson says") {
    each_lesson([](const runner::Chapter& chapter, bool korean) {
        const test::WorkspaceFixture workspace;
        const Document document = load_lesson(chapter.lesson(korean));
        for (const Block* block : all_blocks(document.blocks)) {
            if (block->info == "console") check_console(block->text);
        }
    });
}

TEST_CASE("lesson: what the app computes for an answer is what the lesson quotes") {
    each_lesson([](const runner::Chapter& chapter, bool korean) {
        const Document document = load_lesson(chapter.lesson(korean));
        const std::vector<const Block*> computed = computed_blocks(document);
        CHECK(computed.size() >= 1);
        for (const Block* block : computed) {
            for (const QuotedCommand& command : quoted_commands(block->text)) {
                CAPTURE(command.line);
                CHECK_FALSE(command.printed.empty());
                CHECK(only_computes(command));
            }
            CHECK(computed_console(block->text) == block->text);
        }
    });
}

TEST_CASE("lesson: quoted weights are those of the bundled model") {
    each_lesson([](const runner::Chapter& chapter, bool korean) {
        const Document document = load_lesson(chapter.lesson(korean));
        for (const Block* block : all_blocks(document.blocks)) {
            if (block->info.rfind("pattern ", 0) == 0) check_pattern(*block);
        }
    });
}

TEST_CASE("lesson checks: drift is seen") {
    const test::WorkspaceFixture folder;
    folder.write("code.cpp", "int a;\n    // [marker:one]\n    int b;\n    // [/marker]\n");
    const auto filled =
        load_lesson(folder.write("good.md", "```cpp file=code.cpp marker=one\n```\n"));
    CHECK(filled.blocks.at(0).text == "int b;\n");
    CHECK_THROWS_AS(load_lesson(folder.write("bad.md", "```cpp file=code.cpp marker=two\n```\n")),
                    FileError);
    CHECK(shape_of_lesson(parse_markdown("# A\n\n## B\n")) !=
          shape_of_lesson(parse_markdown("# 가\n\n# 나\n")));
    CHECK(links(parse_markdown("[a](view:tokens)")) != links(parse_markdown("[a](view:next)")));
}
