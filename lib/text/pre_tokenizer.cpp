#include "text/pre_tokenizer.h"

#include <nlohmann/json.hpp>

#include "text/byte_level_pattern.h"
#include "text/character_class.h"
#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

using nlohmann::json;

namespace {

std::size_t character_end(std::string_view text, std::size_t at) {
    return at + static_cast<std::size_t>(std::max(1, read_code_point(text, at).bytes));
}

/// Cuts every piece by `cut(bytes, pieces)`, which appends ranges of the bytes it gets.
template <class Cut>
void cut_each(const AlignedText& text, PieceRanges& pieces, Cut cut) {
    PieceRanges further;
    PieceRanges inner;
    for (const ByteRange piece : pieces) {
        inner.clear();
        cut(part_of(text.bytes(), piece), inner);
        for (const ByteRange part : inner)
            further.push_back({piece.begin + part.begin, piece.begin + part.end});
    }
    pieces = std::move(further);
}

/// Runs of characters of which `kind` says the same; those of kind 0 go, those of a negative kind
/// are pieces of their own.
template <class Kind>
void cut_by_kind(std::string_view text, PieceRanges& pieces, Kind kind) {
    int last = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = read_code_point(text, at);
        const std::size_t end = at + static_cast<std::size_t>(std::max(1, point.bytes));
        const int now = kind(point.value);
        if (now > 0 && now == last) {
            pieces.back().end = end;
        } else if (now != 0) {
            pieces.push_back({at, end});
        }
        last = now;
        at = end;
    }
}

/// The text as stretches: the characters that `is_match` picks, one by one, and what is between.
template <class IsMatch>
std::vector<Stretch> stretches_by(std::string_view text, IsMatch is_match) {
    std::vector<Stretch> stretches;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = character_end(text, at);
        const bool match = is_match(read_code_point(text, at).value);
        if (!match && !stretches.empty() && !stretches.back().is_match) {
            stretches.back().range.end = end;
        } else {
            stretches.push_back({{at, end}, match});
        }
        at = end;
    }
    return stretches;
}

/// Puts a text in front of the pieces that `wants` it.
template <class Wants>
void prepend_to_pieces(AlignedText& text, PieceRanges& pieces, std::string_view front,
                       Wants wants) {
    const std::string_view old = text.bytes();
    AlignedText::Rewrite rewrite(text);
    PieceRanges moved;
    std::size_t size = 0;
    for (const ByteRange piece : pieces) {
        const std::size_t begin = size;
        if (wants(piece)) {
            rewrite.put(front, {piece.begin, character_end(old, piece.begin)});
            size += front.size();
        }
        rewrite.keep(piece);
        size += piece.size();
        moved.push_back({begin, size});
    }
    pieces = std::move(moved);
    text.replace_by(std::move(rewrite));
}

}  // namespace

void ByteLevelPreTokenizer::run(AlignedText& text, PieceRanges& pieces) const {
    const auto wants_space = [&](ByteRange piece) { return text.bytes()[piece.begin] != ' '; };
    if (add_prefix_space && std::any_of(pieces.begin(), pieces.end(), wants_space))
        prepend_to_pieces(text, pieces, " ", wants_space);
    if (!use_regex) return;
    cut_each(text, pieces, [](std::string_view bytes, PieceRanges& cut) {
        for (std::size_t begin = 0; begin < bytes.size();) {
            const std::size_t end = byte_level_match_end(bytes, begin);
            cut.push_back({begin, end});
            begin = end;
        }
    });
}

void BertPreTokenizer::run(AlignedText& text, PieceRanges& pieces) const {
    cut_each(text, pieces, [](std::string_view bytes, PieceRanges& cut) {
        cut_by_kind(bytes, cut, [](char32_t value) {
            return is_space(value) ? 0 : is_punctuation(value) ? -1 : 1;
        });
    });
}

void WhitespacePreTokenizer::run(AlignedText& text, PieceRanges& pieces) const {
    cut_each(text, pieces, [](std::string_view bytes, PieceRanges& cut) {
        cut_by_kind(bytes, cut, [](char32_t value) {
            return is_word(value) ? 1 : is_space(value) ? 0 : 2;
        });
    });
}

void WhitespaceSplitPreTokenizer::run(AlignedText& text, PieceRanges& pieces) const {
    cut_each(text, pieces, [](std::string_view bytes, PieceRanges& cut) {
        cut_by_kind(bytes, cut, [](char32_t value) { return is_space(value) ? 0 : 1; });
    });
}

void PunctuationPreTokenizer::run(AlignedText& text, PieceRanges& pieces) const {
    cut_each(text, pieces, [&](std::string_view bytes, PieceRanges& cut) {
        vitrine::split(stretches_by(bytes, is_punctuation), behavior, cut);
    });
}

void DigitsPreTokenizer::run(AlignedText& text, PieceRanges& pieces) const {
    const SplitBehavior behavior =
        individual_digits ? SplitBehavior::isolated : SplitBehavior::contiguous;
    cut_each(text, pieces, [&](std::string_view bytes, PieceRanges& cut) {
        vitrine::split(stretches_by(bytes, is_number), behavior, cut);
    });
}

void MetaspacePreTokenizer::run(AlignedText& text, PieceRanges& pieces) const {
    const auto wants_front = [&](ByteRange piece) {
        if (prepend == Prepend::never) return false;
        const std::string_view bytes = part_of(text.bytes(), piece);
        if (bytes.starts_with(' ') || bytes.starts_with(replacement)) return false;
        return prepend == Prepend::always || text.source({piece.begin, piece.begin + 1}).begin == 0;
    };
    AlignedText::Rewrite rewrite(text);
    PieceRanges moved;
    std::size_t size = 0;
    for (const ByteRange piece : pieces) {
        const std::size_t begin = size;
        if (wants_front(piece)) {
            rewrite.put(replacement, {piece.begin, character_end(text.bytes(), piece.begin)});
            size += replacement.size();
        }
        for (std::size_t at = piece.begin; at < piece.end;) {
            const std::size_t space = std::min(text.bytes().find(' ', at), piece.end);
            rewrite.keep({at, space});
            size += space - at;
            at = space;
            if (space == piece.end) break;
            rewrite.put(replacement, {space, space + 1});
            size += replacement.size();
            ++at;
        }
        moved.push_back({begin, size});
    }
    text.replace_by(std::move(rewrite));
    pieces = std::move(moved);
    if (!split) return;
    const Pattern pattern(replacement);
    cut_each(text, pieces, [&](std::string_view bytes, PieceRanges& cut) {
        vitrine::split(pattern.stretches(bytes), SplitBehavior::merged_with_next, cut);
    });
}

void SplitPreTokenizer::run(AlignedText& text, PieceRanges& pieces) const {
    cut_each(text, pieces, [&](std::string_view bytes, PieceRanges& cut) {
        std::vector<Stretch> stretches = pattern.stretches(bytes);
        if (invert) {
            for (Stretch& stretch : stretches) stretch.is_match = !stretch.is_match;
        }
        vitrine::split(stretches, behavior, cut);
    });
}

namespace {

SplitBehavior read_behavior(const json& step, const std::string& fallback,
                            const std::string& where) {
    const std::string name = read_text(step, "behavior", fallback, where);
    if (name == "Removed") return SplitBehavior::removed;
    if (name == "Isolated") return SplitBehavior::isolated;
    if (name == "MergedWithPrevious") return SplitBehavior::merged_with_previous;
    if (name == "MergedWithNext") return SplitBehavior::merged_with_next;
    if (name == "Contiguous") return SplitBehavior::contiguous;
    throw FileError(where + ", \"behavior\"",
                    "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous",
                    "\"" + name + "\"");
}

MetaspacePreTokenizer read_metaspace(const json& step, const std::string& where) {
    using Prepend = MetaspacePreTokenizer::Prepend;
    MetaspacePreTokenizer metaspace;
    metaspace.replacement = read_text(step, "replacement", "▁", where);
    // Files of 2023 and before have a flag.
    const bool flag = read_flag(step, "add_prefix_space", true, where);
    const std::string scheme = read_text(step, "prepend_scheme", flag ? "always" : "never", where);
    if (scheme != "always" && scheme != "first" && scheme != "never") {
        throw FileError(where + ", \"prepend_scheme\"", "always, first or never",
                        "\"" + scheme + "\"");
    }
    metaspace.prepend = scheme == "always"  ? Prepend::always
                        : scheme == "first" ? Prepend::first
                                            : Prepend::never;
    metaspace.split = read_flag(step, "split", true, where);
    if (metaspace.replacement.empty())
        throw FileError(where + ", \"replacement\"", "a character", "none");
    return metaspace;
}

/// Appends the steps of one pre-tokenizer, which may be a sequence.
void read_step(const json& step, const std::string& where, PreTokenizer& steps) {
    const std::string place = where + ", \"pre_tokenizer\"";
    const std::string type = read_text(step, "type", "", place);
    if (type == "ByteLevel") {
        steps.push_back(ByteLevelPreTokenizer{read_flag(step, "add_prefix_space", true, place),
                                              read_flag(step, "use_regex", true, place)});
    } else if (type == "BertPreTokenizer") {
        steps.push_back(BertPreTokenizer{});
    } else if (type == "Whitespace") {
        steps.push_back(WhitespacePreTokenizer{});
    } else if (type == "WhitespaceSplit") {
        steps.push_back(WhitespaceSplitPreTokenizer{});
    } else if (type == "Punctuation") {
        steps.push_back(PunctuationPreTokenizer{read_behavior(step, "Isolated", place)});
    } else if (type == "Digits") {
        steps.push_back(DigitsPreTokenizer{read_flag(step, "individual_digits", false, place)});
    } else if (type == "Metaspace") {
        steps.push_back(read_metaspace(step, place));
    } else if (type == "Split") {
        steps.push_back(SplitPreTokenizer{Pattern::read(step, place),
                                          read_behavior(step, "", place),
                                          read_flag(step, "invert", false, place)});
    } else if (type == "Sequence") {
        for (const json& part :
             require_member(step, "pretokenizers", json::value_t::array, place)) {
            if (!part.is_object()) throw FileError(place, "steps that are objects", shown(part));
            read_step(part, where, steps);
        }
    } else {
        refuse_type(where, "pre_tokenizer",
                    "null, ByteLevel, BertPreTokenizer, Whitespace, WhitespaceSplit, Punctuation, "
                    "Digits, Metaspace, Split or Sequence",
                    type);
    }
}

}  // namespace

PreTokenizer read_pre_tokenizer(const json& root, const std::string& where) {
    PreTokenizer steps;
    if (step_type(root, "pre_tokenizer", where).empty()) return steps;
    read_step(root["pre_tokenizer"], where, steps);
    return steps;
}

void pre_tokenize(const PreTokenizer& pre_tokenizer, AlignedText& text,
                  std::vector<ByteRange>& pieces) {
    pieces.clear();
    if (text.bytes().empty()) return;
    pieces.push_back({0, text.bytes().size()});
    for (const PreTokenizerStep& step : pre_tokenizer)
        std::visit([&](const auto& kind) { kind.run(text, pieces); }, step);
}

}  // namespace vitrine
