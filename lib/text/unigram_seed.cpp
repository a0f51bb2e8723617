#include "text/unigram_seed.h"

#include <algorithm>
#include <array>
#include <map>

#include "text/character_class.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

using Place = std::uint32_t;
constexpr char32_t word_end = 0xffffffff;  // no code point

/// A number for the script of a letter, 0 for digits, punctuation and symbols, -1 for marks and for
/// the "▁" in front of a word, which go with any. Han, Hiragana and Katakana are one, as in
/// sentencepiece. Scripts that have no range here are told apart by blocks of 128 characters.
int script_of(char32_t value) {
    struct Range {
        char32_t first, last;
    };
    constexpr std::array<Range, 13> ranges = {{{0x41, 0x24f},         // Latin
                                               {0x1e00, 0x1eff},      // Latin
                                               {0x370, 0x3ff},        // Greek
                                               {0x1f00, 0x1fff},      // Greek
                                               {0x400, 0x52f},        // Cyrillic
                                               {0x600, 0x77f},        // Arabic
                                               {0x1100, 0x11ff},      // Hangul
                                               {0x3130, 0x318f},      // Hangul
                                               {0xac00, 0xd7ff},      // Hangul
                                               {0x2e80, 0x30ff},      // Han and kana
                                               {0x3400, 0x9fff},      // Han
                                               {0xf900, 0xfaff},      // Han
                                               {0x20000, 0x3ffff}}};  // Han
    constexpr std::array<int, 13> scripts = {1, 1, 2, 2, 3, 4, 5, 5, 5, 6, 6, 6, 6};
    constexpr int others = 100;
    if (value == U'▁' || is_mark(value)) return -1;
    if (!is_letter(value)) return 0;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (value >= ranges[i].first && value <= ranges[i].last) return scripts[i];
    }
    return others + static_cast<int>(value / 128);
}

/// All words one after the other, each with an end.
struct Characters {
    std::vector<char32_t> values;
    std::vector<std::uint32_t> word;
};

Characters lay_out(const std::vector<WordCount>& words) {
    Characters all;
    for (std::uint32_t word = 0; word < words.size(); ++word) {
        const std::string& text = words[word].word;
        for (std::size_t at = 0; at < text.size();) {
            const CodePoint point = read_code_point(text, at);
            all.values.push_back(point.value);
            at += static_cast<std::size_t>(std::max(1, point.bytes));
        }
        all.values.push_back(word_end);
        all.word.resize(all.values.size(), word);
    }
    return all;
}

/// The number of characters, up to `longest`, that two places have in common before a word ends.
std::size_t common(const std::vector<char32_t>& text, Place a, Place b, std::size_t longest) {
    std::size_t length = 0;
    while (length < longest && text[a + length] == text[b + length] && text[a + length] != word_end)
        ++length;
    return length;
}

/// The places in the order of what follows, of which only the first `longest` characters count.
std::vector<Place> sorted_places(const std::vector<char32_t>& text, std::size_t longest) {
    std::vector<Place> places;
    for (Place place = 0; place < text.size(); ++place) {
        if (text[place] != word_end) places.push_back(place);
    }
    std::sort(places.begin(), places.end(), [&](Place a, Place b) {
        const std::size_t length = common(text, a, b, longest);
        if (length == longest) return a < b;
        if (text[a + length] == text[b + length]) return a < b;  // both words end
        return text[a + length] < text[b + length];
    });
    return places;
}

std::string spelled(const std::vector<char32_t>& text, Place place, std::size_t length) {
    std::string piece;
    for (std::size_t i = 0; i < length; ++i) append_code_point(piece, text[place + i]);
    return piece;
}

/// A part of words: where it is first, how long, how often, and by how many different characters,
/// of which the end of a word counts as one, it is followed.
struct Part {
    Place place = 0;
    std::size_t length = 0;
    std::int64_t count = 0;
    int followers = 0;
    bool has_end = false;
    std::int64_t covered() const { return count * static_cast<std::int64_t>(length); }
};

bool is_of_one_script(const std::vector<char32_t>& text, const Part& part) {
    int script = -1;
    for (std::size_t i = 0; i < part.length; ++i) {
        const int next = script_of(text[part.place + i]);
        if (next >= 0 && script >= 0 && next != script) return false;
        if (next >= 0) script = next;
    }
    return true;
}

/// The inner nodes of the suffix tree, from the sorted places: a run of places that have `length`
/// characters in common is closed when a place comes that has fewer.
std::vector<Part> repeated_parts(const Characters& all, const std::vector<WordCount>& words,
                                 std::size_t longest) {
    const std::vector<Place> places = sorted_places(all.values, longest);
    std::vector<Part> found, open;
    const auto close_down_to = [&](std::size_t length) {
        std::int64_t count = 0;
        Place place = 0;
        while (!open.empty() && open.back().length > length) {
            Part part = open.back();
            open.pop_back();
            if (count > 0) {
                part.count += count;
                ++part.followers;
            }
            count = part.count;
            place = part.place;
            if (part.length > 1 && part.followers > 1 && is_of_one_script(all.values, part))
                found.push_back(part);
        }
        if (count == 0) return;
        if (open.empty() || open.back().length < length) open.push_back({place, length});
        open.back().count += count;
        ++open.back().followers;
    };
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Place place = places[i];
        if (i > 0) close_down_to(common(all.values, places[i - 1], place, longest));
        std::size_t length = 0;  // to the end of its word
        while (length < longest && all.values[place + length] != word_end) ++length;
        const std::int64_t count = words[all.word[place]].count;
        if (open.empty() || open.back().length != length) open.push_back({place, length});
        Part& part = open.back();
        part.count += count;
        if (!part.has_end) ++part.followers;
        part.has_end = true;
    }
    close_down_to(0);
    return found;
}

}  // namespace

std::vector<ScoredPiece> seed_pieces(const std::vector<WordCount>& words, Index most,
                                     std::size_t longest) {
    const Characters all = lay_out(words);
    std::map<char32_t, std::int64_t> characters;
    for (std::size_t i = 0; i < all.values.size(); ++i) {
        if (all.values[i] != word_end) characters[all.values[i]] += words[all.word[i]].count;
    }
    std::vector<ScoredPiece> pieces;
    for (const auto& [character, count] : characters) {
        pieces.push_back({"", static_cast<double>(count)});
        append_code_point(pieces.back().text, character);
    }
    std::vector<Part> parts = repeated_parts(all, words, longest);
    std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
        return a.covered() != b.covered() ? a.covered() > b.covered() : a.place < b.place;
    });
    if (parts.size() > static_cast<std::size_t>(most)) parts.resize(static_cast<std::size_t>(most));
    for (const Part& part : parts) {
        pieces.push_back(
            {spelled(all.values, part.place, part.length), static_cast<double>(part.covered())});
    }
    return pieces;
}

}  // namespace vitrine
