#include "text/normalizer.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "text/character_class.h"
#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

using nlohmann::json;

namespace {

/// Calls each(code point, where it is) for all characters.
template <class Each>
void for_each_character(std::string_view text, Each each) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = read_code_point(text, at);
        const std::size_t end = at + static_cast<std::size_t>(std::max(1, point.bytes));
        each(point.value, ByteRange{at, end});
        at = end;
    }
}

}  // namespace

void ReplaceNormalizer::run(AlignedText& text) const {
    const std::string_view old = text.bytes();
    const std::vector<Stretch> stretches = pattern.stretches(old);
    if (std::none_of(stretches.begin(), stretches.end(),
                     [](const Stretch& stretch) { return stretch.is_match; }))
        return;
    AlignedText::Rewrite rewrite(text);
    for (const auto& [range, is_match] : stretches) {
        if (!is_match) {
            rewrite.keep(range);
            continue;
        }
        std::size_t last = range.end - 1;  // where the last character starts, which counts
        while (last > range.begin && is_continuation(old[last])) --last;
        rewrite.put(to, {last, range.end});
    }
    text.replace_by(std::move(rewrite));
}

void LowercaseNormalizer::run(AlignedText& text) const {
    const auto stays = [](char c) {
        return static_cast<unsigned char>(c) < 0x80 && (c < 'A' || c > 'Z');
    };
    const std::string_view old = text.bytes();
    if (std::all_of(old.begin(), old.end(), stays)) return;
    AlignedText::Rewrite rewrite(text);
    std::string made;
    for_each_character(old, [&](char32_t value, ByteRange from) {
        made.clear();
        for (const char32_t letter : to_lower(value)) append_code_point(made, letter);
        rewrite.put(made, from);
    });
    text.replace_by(std::move(rewrite));
}

void StripAccentsNormalizer::run(AlignedText& text) const {
    AlignedText::Rewrite rewrite(text);
    for_each_character(text.bytes(), [&](char32_t value, ByteRange from) {
        if (!is_mark(value)) rewrite.keep(from);
    });
    text.replace_by(std::move(rewrite));
}

void StripNormalizer::run(AlignedText& text) const {
    ByteRange kept{0, text.bytes().size()};
    std::size_t last_end = 0;
    bool is_start = true;
    for_each_character(text.bytes(), [&](char32_t value, ByteRange from) {
        if (is_space(value)) {
            if (is_start && left) kept.begin = from.end;
            return;
        }
        is_start = false;
        last_end = from.end;
    });
    if (right) kept.end = std::max(kept.begin, last_end);
    text = text.part(kept);
}

namespace {

BertNormalizer read_bert(const json& step, const std::string& where) {
    BertNormalizer bert;
    bert.clean_text = read_flag(step, "clean_text", true, where);
    bert.handle_chinese_chars = read_flag(step, "handle_chinese_chars", true, where);
    bert.lowercase = read_flag(step, "lowercase", true, where);
    bert.strip_accents = read_flag(step, "strip_accents", bert.lowercase, where);
    return bert;
}

/// Appends the steps of one normalizer, which may be a sequence.
void read_steps(const json& step, const std::string& where, Normalizer& steps) {
    static const std::map<std::string, UnicodeForm> forms = {{"NFC", UnicodeForm::nfc},
                                                             {"NFD", UnicodeForm::nfd},
                                                             {"NFKC", UnicodeForm::nfkc},
                                                             {"NFKD", UnicodeForm::nfkd}};
    const std::string place = where + ", \"normalizer\"";
    const std::string type = read_text(step, "type", "", place);
    if (type == "Prepend") {
        steps.push_back(PrependNormalizer{read_text(step, "prepend", "", place)});
    } else if (type == "Replace") {
        steps.push_back(
            ReplaceNormalizer{Pattern::read(step, place), read_text(step, "content", "", place)});
    } else if (type == "BertNormalizer") {
        steps.push_back(read_bert(step, place));
    } else if (const auto form = forms.find(type); form != forms.end()) {
        steps.push_back(UnicodeNormalizer{form->second});
    } else if (type == "Lowercase") {
        steps.push_back(LowercaseNormalizer{});
    } else if (type == "StripAccents") {
        steps.push_back(StripAccentsNormalizer{});
    } else if (type == "Strip") {
        steps.push_back(StripNormalizer{read_flag(step, "strip_left", true, place),
                                        read_flag(step, "strip_right", true, place)});
    } else if (type == "Precompiled") {
        steps.push_back(PrecompiledNormalizer::read(step, place));
    } else if (type == "Sequence") {
        for (const json& part : require_member(step, "normalizers", json::value_t::array, place)) {
            if (!part.is_object()) throw FileError(place, "steps that are objects", shown(part));
            read_steps(part, where, steps);
        }
    } else {
        refuse_type(where, "normalizer",
                    "null, Prepend, Replace, BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, "
                    "StripAccents, Strip, Precompiled or Sequence",
                    type);
    }
}

}  // namespace

Normalizer read_normalizer(const json& root, const std::string& where) {
    Normalizer steps;
    if (step_type(root, "normalizer", where).empty()) return steps;
    read_steps(root["normalizer"], where, steps);
    return steps;
}

void normalize(const Normalizer& normalizer, AlignedText& text) {
    for (const auto& step : normalizer) {
        std::visit([&](const auto& kind) { kind.run(text); }, step);
    }
}

}  // namespace vitrine
