#include "text/tokenizer.h"

#include <algorithm>

#include "io/json.h"
#include "tensor/error.h"
#include "text/byte_level_split.h"
#include "text/grapheme.h"
#include "text/tokenizer_parts.h"
#include "text/utf8.h"

namespace vitrine {

struct Tokenizer::Impl {
    TokenizerParts parts;
};

namespace {

constexpr std::size_t longest_replay = 2000;  // ids of one pre-token whose every step is kept

/// Turns byte ranges that come in order into character offsets. A token that holds a part of a
/// character gets the whole character, as in tokenizers.
class CharacterOffsets {
   public:
    explicit CharacterOffsets(std::string_view text) : text_(text) {}
    std::array<Index, 2> of(std::size_t begin, std::size_t end) {
        const Index before = characters_before(begin);
        const bool inside = begin < text_.size() && is_continuation(text_[begin]);
        return {inside ? before - 1 : before, characters_before(end)};
    }

   private:
    Index characters_before(std::size_t byte) {
        for (; at_ < byte; ++at_) count_ += is_continuation(text_[at_]) ? 0 : 1;
        return count_;
    }
    std::string_view text_;
    std::size_t at_ = 0;
    Index count_ = 0;
};

void add_token(Encoding& encoding, const Vocabulary& vocabulary, int id,
               std::array<Index, 2> offsets) {
    encoding.ids.push_back(id);
    encoding.tokens.push_back(vocabulary.tokens[static_cast<std::size_t>(id)]);
    encoding.offsets.push_back(offsets);
    encoding.type_ids.push_back(0);
}

/// The ids a piece starts from, a byte each; bytes without a token are dropped, as in tokenizers.
void start_ids(const TokenizerParts& parts, std::string_view piece, std::vector<int>& ids) {
    ids.clear();
    for (const char byte : piece) {
        const int id = parts.byte_ids[static_cast<unsigned char>(byte)];
        if (id >= 0) ids.push_back(id);
    }
}

void encode_piece(const TokenizerParts& parts, std::string_view piece, std::vector<int>& ids) {
    start_ids(parts, piece, ids);
    merge_pieces(*parts.merges, ids);
    if (!parts.ignore_merges || ids.size() < 2) return;
    std::string spelled;  // with ignore_merges a piece that is a token stays whole
    for (const int id : ids) spelled += parts.vocabulary.tokens[static_cast<std::size_t>(id)];
    const auto whole = parts.vocabulary.ids.find(spelled);
    if (whole != parts.vocabulary.ids.end()) ids.assign(1, whole->second);
}

/// Calls `use(begin, end)` for every piece of [begin, end) of the text.
template <class Use>
void for_each_piece(const ByteLevel& rules, std::string_view text, std::size_t begin,
                    std::size_t end, Use use) {
    const std::string_view part = text.substr(0, end);
    while (begin < end) {
        const std::size_t piece_end = rules.use_regex ? byte_level_piece_end(part, begin) : end;
        use(begin, piece_end);
        begin = piece_end;
    }
}

/// Encodes bytes [begin, end) of the text, which hold no added token. `shift` is 1 if a space that
/// is not in the learner's text was put in front.
void encode_part(const TokenizerParts& parts, std::string_view text, std::size_t begin,
                 std::size_t end, CharacterOffsets& offsets, std::size_t shift,
                 Encoding& encoding) {
    thread_local std::vector<int> ids;
    for_each_piece(parts.pre_tokenizer, text, begin, end, [&](std::size_t from, std::size_t to) {
        encode_piece(parts, text.substr(from, to - from), ids);
        for (const int id : ids) {
            const std::size_t length = parts.vocabulary.bytes[static_cast<std::size_t>(id)].size();
            const std::size_t first = from < shift ? 0 : from - shift;
            add_token(encoding, parts.vocabulary, id, offsets.of(first, from + length - shift));
            from += length;
        }
    });
}

/// Leaves white space out of the offsets, as the ByteLevel post-processor does.
void trim_offsets(const ByteLevelOffsets& rules, Encoding& encoding) {
    const auto is_blank = [](char32_t c) { return c == U'Ġ' || is_space(c); };
    for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
        std::u32string characters;
        const std::string& token = encoding.tokens[i];
        for (std::size_t at = 0; at < token.size();) {
            const CodePoint point = read_code_point(token, at);
            characters.push_back(point.value);
            at += static_cast<std::size_t>(std::max(1, point.bytes));
        }
        auto& [begin, end] = encoding.offsets[i];
        Index leading =
            std::find_if_not(characters.begin(), characters.end(), is_blank) - characters.begin();
        const Index trailing = std::find_if_not(characters.rbegin(), characters.rend(), is_blank) -
                               characters.rbegin();
        if (leading > 0) {
            if (rules.add_prefix_space && (i == 0 || begin == 0)) leading = 0;
            begin = std::min(begin + leading, end);
        }
        if (trailing > 0 && end >= trailing) end = std::max(end - trailing, begin);
    }
}

}  // namespace

Tokenizer::Tokenizer(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

Tokenizer Tokenizer::load(const std::filesystem::path& path) {
    const bool is_folder = std::filesystem::is_directory(path);
    const auto file = is_folder ? path / "tokenizer.json" : path;
    if (is_folder && !std::filesystem::exists(file) &&
        std::filesystem::exists(path / "vocab.json") &&
        std::filesystem::exists(path / "merges.txt")) {
        return Tokenizer(std::make_unique<const Impl>(
            Impl{read_gpt2_tokenizer(read_json(path / "vocab.json"),
                                     read_file(path / "merges.txt", 256U << 20U), path.string())}));
    }
    return Tokenizer(
        std::make_unique<const Impl>(Impl{read_tokenizer(read_json(file), file.string())}));
}

Tokenizer Tokenizer::parse(std::string_view tokenizer_json, const std::string& where) {
    return Tokenizer(std::make_unique<const Impl>(
        Impl{read_tokenizer(parse_json(tokenizer_json, where), where)}));
}

Encoding Tokenizer::encode(std::string_view text, bool) const {
    check_utf8(text);
    const TokenizerParts& parts = impl_->parts;
    Encoding encoding;
    CharacterOffsets offsets(text);
    for (const TextPart& part : parts.added.split(text)) {
        if (part.token != nullptr) {
            add_token(encoding, parts.vocabulary, part.token->id, offsets.of(part.begin, part.end));
        } else if (parts.pre_tokenizer.add_prefix_space && text[part.begin] != ' ') {
            const std::string spaced =
                " " + std::string(text.substr(part.begin, part.end - part.begin));
            CharacterOffsets within(std::string_view(spaced).substr(1));
            const std::size_t first = encoding.ids.size();
            encode_part(parts, spaced, 0, spaced.size(), within, 1, encoding);
            const Index shift = offsets.of(part.begin, part.begin)[0];
            for (std::size_t i = first; i < encoding.ids.size(); ++i) {
                for (Index& offset : encoding.offsets[i]) offset += shift;
            }
        } else {
            encode_part(parts, text, part.begin, part.end, offsets, 0, encoding);
        }
    }
    if (parts.offsets.trim) trim_offsets(parts.offsets, encoding);
    return encoding;
}

Encoding Tokenizer::encode_pair(std::string_view a, std::string_view b, bool add_special) const {
    Encoding both = encode(a, add_special);
    const Encoding second = encode(b, add_special);
    both.ids.insert(both.ids.end(), second.ids.begin(), second.ids.end());
    both.tokens.insert(both.tokens.end(), second.tokens.begin(), second.tokens.end());
    both.offsets.insert(both.offsets.end(), second.offsets.begin(), second.offsets.end());
    both.type_ids.insert(both.type_ids.end(), second.ids.size(), 1);
    return both;
}

std::string Tokenizer::decode(std::span<const int> ids, bool keep_special) const {
    std::string bytes;
    for (const int id : ids) {
        if (is_special(id) && !keep_special) continue;
        bytes += this->bytes(id);
    }
    return repair_utf8(bytes);
}

Index Tokenizer::vocabulary() const {
    return static_cast<Index>(impl_->parts.vocabulary.tokens.size());
}

namespace {
std::size_t checked(int id, Index vocabulary) {
    if (id < 0 || id >= vocabulary) {
        throw ArgumentError("token id", "a number from 0 to " + std::to_string(vocabulary - 1),
                            std::to_string(id));
    }
    return static_cast<std::size_t>(id);
}
}  // namespace

std::string Tokenizer::token(int id) const {
    return impl_->parts.vocabulary.tokens[checked(id, vocabulary())];
}
std::string Tokenizer::bytes(int id) const {
    return impl_->parts.vocabulary.bytes[checked(id, vocabulary())];
}
bool Tokenizer::is_special(int id) const {
    return impl_->parts.vocabulary.special[checked(id, vocabulary())];
}
std::optional<int> Tokenizer::id(std::string_view token) const {
    const auto& ids = impl_->parts.vocabulary.ids;
    const auto found = ids.find(std::string(token));
    if (found == ids.end()) return {};
    return found->second;
}
Index Tokenizer::merges() const {
    return static_cast<Index>(impl_->parts.merges->size());
}

std::vector<std::vector<MergeStep>> Tokenizer::merge_steps(std::string_view text) const {
    check_utf8(text);
    const TokenizerParts& parts = impl_->parts;
    std::vector<std::vector<MergeStep>> pieces;
    const auto spelled = [&](std::span<const int> ids) {
        std::vector<std::string> bytes;
        for (const int id : ids)
            bytes.push_back(parts.vocabulary.bytes[static_cast<std::size_t>(id)]);
        return bytes;
    };
    std::vector<int> ids;
    for (const TextPart& part : parts.added.split(text)) {
        if (part.token != nullptr) {
            pieces.push_back({MergeStep{-1, 0, {part.token->content}}});
            continue;
        }
        for_each_piece(
            parts.pre_tokenizer, text, part.begin, part.end, [&](std::size_t from, std::size_t to) {
                start_ids(parts, text.substr(from, to - from), ids);
                std::vector<MergeStep> steps{{-1, 0, spelled(ids)}};
                if (ids.size() > longest_replay) {
                    merge_pieces(*parts.merges, ids);
                    steps.push_back({-1, 0, spelled(ids)});
                } else {
                    merge_pieces(*parts.merges, ids,
                                 [&](int rank, std::size_t at, std::span<const int> now) {
                                     steps.push_back({rank, Index(at), spelled(now)});
                                 });
                }
                pieces.push_back(std::move(steps));
            });
    }
    return pieces;
}

}  // namespace vitrine
