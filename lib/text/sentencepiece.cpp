#include "text/sentencepiece.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "tensor/error.h"
#include "text/utf8.h"

namespace vitrine {

using nlohmann::json;

namespace {

constexpr const char* space = "▁";  // U+2581, which stands for a space inside of pieces

/// A field of a protocol buffer: a number, or bytes.
struct Field {
    std::uint64_t number = 0;
    std::uint64_t value = 0;
    std::string_view bytes;
};

/// Reads the fields of a message one by one.
class Message {
   public:
    Message(std::string_view bytes, const std::string& where) : rest_(bytes), where_(where) {}

    bool next(Field& field) {
        if (rest_.empty()) return false;
        const std::uint64_t key = varint();
        field = {key >> 3U, 0, {}};
        switch (key & 7U) {
            case 0: field.value = varint(); break;
            case 1: field.value = fixed(8); break;
            case 2: field.bytes = take(varint()); break;
            case 5: field.value = fixed(4); break;
            default: fail();
        }
        return true;
    }

   private:
    [[noreturn]] void fail() const {
        throw FileError(where_, "a model of the sentencepiece library", "other bytes, or a part");
    }
    std::string_view take(std::uint64_t size) {
        if (size > rest_.size()) fail();
        const std::string_view result = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return result;
    }
    std::uint64_t fixed(std::size_t size) {
        std::uint64_t value = 0;
        const std::string_view bytes = take(size);
        for (std::size_t i = size; i-- > 0;)
            value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
        return value;
    }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(take(1)[0]);
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80) return value;
        }
        fail();
    }

    std::string_view rest_;
    const std::string& where_;
};

enum class Kind : std::uint64_t { normal = 1, unknown, control, user_defined, unused, byte };

struct Piece {
    std::string text;
    float score = 0;
    Kind kind = Kind::normal;
};

/// The parts of the file that say how to encode; the defaults are the format's.
struct Model {
    std::vector<Piece> pieces;
    std::uint64_t type = 1;  // 1 Unigram, 2 BPE, 3 words, 4 characters
    std::int64_t unknown = 0, begin = 1, end = 2;
    bool byte_fallback = false, whitespace_behind = false;
    std::string_view charsmap;
    bool dummy_prefix = true, remove_extra_spaces = true, escape_spaces = true;
};

Piece read_piece(std::string_view bytes, const std::string& where) {
    Piece piece;
    Message message(bytes, where);
    for (Field field; message.next(field);) {
        if (field.number == 1) piece.text = field.bytes;
        if (field.number == 2)
            piece.score = std::bit_cast<float>(static_cast<std::uint32_t>(field.value));
        if (field.number == 3) piece.kind = Kind(field.value);
    }
    if (piece.text.empty() || !std::isfinite(piece.score) ||
        first_invalid_byte(piece.text) != std::string_view::npos)
        throw FileError(where, "pieces of UTF-8 with a score", "a piece without");
    return piece;
}

void read_trainer(std::string_view bytes, const std::string& where, Model& model) {
    Message message(bytes, where);
    for (Field field; message.next(field);) {
        // Negative numbers, "none", are stored in 64 bits.
        const auto number = static_cast<std::int64_t>(field.value);
        switch (field.number) {
            case 3: model.type = field.value; break;
            case 24: model.whitespace_behind = number != 0; break;
            case 35: model.byte_fallback = number != 0; break;
            case 40: model.unknown = number; break;
            case 41: model.begin = number; break;
            case 42: model.end = number; break;
            default: break;
        }
    }
}

void read_normalizer(std::string_view bytes, const std::string& where, Model& model) {
    Message message(bytes, where);
    for (Field field; message.next(field);) {
        switch (field.number) {
            case 2: model.charsmap = field.bytes; break;
            case 3: model.dummy_prefix = field.value != 0; break;
            case 4: model.remove_extra_spaces = field.value != 0; break;
            case 5: model.escape_spaces = field.value != 0; break;
            default: break;
        }
    }
}

Model read_model(std::string_view bytes, const std::string& where) {
    Model model;
    Message message(bytes, where);
    for (Field field; message.next(field);) {
        if (field.number == 1) model.pieces.push_back(read_piece(field.bytes, where));
        if (field.number == 2) read_trainer(field.bytes, where, model);
        if (field.number == 3) read_normalizer(field.bytes, where, model);
    }
    if (model.pieces.empty()) throw FileError(where, "pieces", "none");
    if (model.type != 1 && model.type != 2) {
        throw FileError(where, "a Unigram or BPE model",
                        model.type == 3   ? "one of whole words"
                        : model.type == 4 ? "one of single characters"
                                          : "type " + std::to_string(model.type));
    }
    if (model.whitespace_behind || !model.escape_spaces) {
        throw FileError(where, "spaces written as \"▁\" in front of words", "another way",
                        "Vitrine does not know this kind of tokenizer yet");
    }
    return model;
}

std::string to_base64(std::string_view bytes) {
    constexpr const char* digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    const auto put = [&] { text += digits[(bits >> count) & 63U]; };
    for (const char byte : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(byte);
        for (count += 8; count >= 6;) {
            count -= 6;
            put();
        }
    }
    if (count > 0) {
        bits <<= 6 - count;
        count = 0;
        put();
    }
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

json normalizer_of(const Model& model) {
    json steps = json::array();
    if (!model.charsmap.empty()) {
        steps.push_back(
            {{"type", "Precompiled"}, {"precompiled_charsmap", to_base64(model.charsmap)}});
    }
    if (model.remove_extra_spaces) {
        // Spaces only: a tab at an end stays.
        steps.push_back(
            {{"type", "Replace"}, {"pattern", {{"Regex", R"(^ +| +\z)"}}}, {"content", ""}});
        steps.push_back({{"type", "Replace"}, {"pattern", {{"Regex", " {2,}"}}}, {"content", " "}});
    }
    if (model.dummy_prefix) steps.push_back({{"type", "Prepend"}, {"prepend", space}});
    steps.push_back({{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", space}});
    return {{"type", "Sequence"}, {"normalizers", steps}};
}

json decoder_of(const Model& model) {
    json steps =
        json::array({{{"type", "Replace"}, {"pattern", {{"String", space}}}, {"content", " "}},
                     {{"type", "ByteFallback"}},
                     {{"type", "Fuse"}}});
    if (model.dummy_prefix)
        steps.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1U}, {"stop", 0U}});
    return {{"type", "Sequence"}, {"decoders", steps}};
}

/// Joins of two pieces to a third, the ones with the highest scores first.
json merges_of(const Model& model, const json& ids) {
    struct Join {
        std::string_view left, right;
        float score;
        int left_id, right_id;
    };
    std::vector<Join> joins;
    for (const Piece& piece : model.pieces) {
        if (piece.kind != Kind::normal) continue;
        const std::string_view text = piece.text;
        const auto behind = [&](std::size_t at) {
            return at + static_cast<std::size_t>(read_code_point(text, at).bytes);
        };
        for (std::size_t cut = behind(0); cut < text.size(); cut = behind(cut)) {
            const auto left = ids.find(std::string(text.substr(0, cut)));
            const auto right = ids.find(std::string(text.substr(cut)));
            if (left == ids.end() || right == ids.end()) continue;
            joins.push_back({text.substr(0, cut), text.substr(cut), piece.score, left->get<int>(),
                             right->get<int>()});
        }
    }
    std::stable_sort(joins.begin(), joins.end(), [](const Join& a, const Join& b) {
        if (a.score != b.score) return a.score > b.score;
        return std::pair(a.left_id, a.right_id) < std::pair(b.left_id, b.right_id);
    });
    json merges = json::array();
    for (const Join& join : joins) merges.push_back(json::array({join.left, join.right}));
    return merges;
}

json model_of(const Model& model, const std::string& where) {
    const auto count = static_cast<std::int64_t>(model.pieces.size());
    const bool has_unknown = model.unknown >= 0 && model.unknown < count;
    if (model.type == 1) {
        json vocabulary = json::array();
        for (const Piece& piece : model.pieces)
            vocabulary.push_back(json::array({piece.text, piece.score}));
        return {{"type", "Unigram"},
                {"unk_id", has_unknown ? json(static_cast<std::uint64_t>(model.unknown)) : json()},
                {"byte_fallback", model.byte_fallback},
                {"vocab", vocabulary}};
    }
    json ids = json::object();
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
        const std::string& text = model.pieces[id].text;
        if (!ids.emplace(text, id).second)
            throw FileError(where, "pieces that differ", "\"" + text + "\" twice");
    }
    return {
        {"type", "BPE"},
        {"unk_token",
         has_unknown ? json(model.pieces[static_cast<std::size_t>(model.unknown)].text) : json()},
        {"fuse_unk", true},
        {"byte_fallback", model.byte_fallback},
        {"vocab", ids},
        {"merges", merges_of(model, ids)}};
}

/// The tokens around one text, and around each of two.
json post_processor_of(const Model& model, const SentencePieceUse& use, const std::string& where) {
    json special = json::object();
    const auto end_token = [&](std::int64_t id, const char* name) -> const std::string& {
        if (id < 0 || id >= static_cast<std::int64_t>(model.pieces.size()))
            throw FileError(where, std::string("a token that ") + name + " a text", "none");
        const std::string& text = model.pieces[static_cast<std::size_t>(id)].text;
        special[text] = {{"id", text}, {"ids", {id}}, {"tokens", {text}}};
        return text;
    };
    const auto around = [&](json& steps, const char* sequence, unsigned type_id) {
        if (use.begin)
            steps.push_back({{"SpecialToken",
                              {{"id", end_token(model.begin, "begins")}, {"type_id", type_id}}}});
        steps.push_back({{"Sequence", {{"id", sequence}, {"type_id", type_id}}}});
        if (use.end)
            steps.push_back(
                {{"SpecialToken", {{"id", end_token(model.end, "ends")}, {"type_id", type_id}}}});
    };
    json single = json::array(), pair = json::array();
    around(single, "A", 0);
    around(pair, "A", 0);
    around(pair, "B", 0);
    return {{"type", "TemplateProcessing"},
            {"single", single},
            {"pair", pair},
            {"special_tokens", special}};
}

}  // namespace

json read_sentencepiece(std::string_view bytes, const SentencePieceUse& use,
                        const std::string& where) {
    const Model model = read_model(bytes, where);
    json added = json::array();
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
        const Piece& piece = model.pieces[id];
        const bool special = piece.kind == Kind::control || piece.kind == Kind::unknown;
        if (!special && piece.kind != Kind::user_defined) continue;
        added.push_back(
            {{"id", id}, {"content", piece.text}, {"special", special}, {"normalized", false}});
    }
    const bool has_sentinels = std::any_of(
        model.pieces.begin(), model.pieces.end(),
        [](const Piece& piece) { return piece.text == "<extra_id_0>"; });  // mT5's are in the file
    for (int i = 0; i < (has_sentinels ? 0 : use.sentinels); ++i) {
        added.push_back({{"id", model.pieces.size() + static_cast<std::size_t>(i)},
                         {"content", "<extra_id_" + std::to_string(use.sentinels - 1 - i) + ">"},
                         {"special", true},
                         {"normalized", false}});
    }
    return {{"added_tokens", added},
            {"normalizer", normalizer_of(model)},
            {"post_processor", post_processor_of(model, use, where)},
            {"decoder", decoder_of(model)},
            {"model", model_of(model, where)}};
}

}  // namespace vitrine
