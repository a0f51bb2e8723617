#include "text/decoder.h"

#include <array>
#include <nlohmann/json.hpp>

#include "text/byte_alphabet.h"
#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

using nlohmann::json;

namespace {

/// The byte that "<0xE2>" stands for, or -1.
int fallback_byte(std::string_view token) {
    if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return -1;
    int value = 0;
    for (const char digit : token.substr(3, 2)) {
        const int number = digit >= '0' && digit <= '9'   ? digit - '0'
                           : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                          : -1;
        if (number < 0) return -1;
        value = value * 16 + number;
    }
    return value;
}

/// What WordPiece's cleanup rewrites, in this order. Source: tokenizers, decoders/wordpiece.rs.
constexpr std::array<std::pair<const char*, const char*>, 11> tidied = {{{" .", "."},
                                                                         {" ?", "?"},
                                                                         {" !", "!"},
                                                                         {" ,", ","},
                                                                         {" ' ", "'"},
                                                                         {" n't", "n't"},
                                                                         {" 'm", "'m"},
                                                                         {" do not", " don't"},
                                                                         {" 's", "'s"},
                                                                         {" 've", "'ve"},
                                                                         {" 're", "'re"}}};

void replace_in(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), to);
        at += to.size();
    }
}

}  // namespace

void ByteLevelDecoder::run(Pieces& pieces) const {
    std::string bytes;
    for (std::string& token : pieces) {
        piece(token);
        bytes += token;
    }
    pieces = {repair_utf8(bytes)};
}

void ByteLevelDecoder::piece(std::string& token) const {
    if (auto bytes = bytes_of_token(token)) token = std::move(*bytes);
}

void ReplaceDecoder::run(Pieces& pieces) const {
    for (std::string& token : pieces) piece(token);
}

void ReplaceDecoder::piece(std::string& token) const {
    replace_in(token, from, to);
}

void ByteFallbackDecoder::run(Pieces& pieces) const {
    Pieces result;
    std::string bytes;  // of the byte tokens since the last other one
    const auto flush = [&] {
        if (bytes.empty()) return;
        if (repair_utf8(bytes) == bytes) {
            result.push_back(bytes);
        } else {
            result.insert(result.end(), bytes.size(), "\xef\xbf\xbd");
        }
        bytes.clear();
    };
    for (std::string& token : pieces) {
        const int byte = fallback_byte(token);
        if (byte >= 0) {
            bytes += static_cast<char>(byte);
        } else {
            flush();
            result.push_back(std::move(token));
        }
    }
    flush();
    pieces = std::move(result);
}

void ByteFallbackDecoder::piece(std::string& token) const {
    const int byte = fallback_byte(token);
    if (byte >= 0) token = static_cast<char>(byte);
}

void FuseDecoder::run(Pieces& pieces) const {
    std::string all;
    for (const std::string& token : pieces) all += token;
    pieces = {all};
}

void StripDecoder::run(Pieces& pieces) const {
    for (std::string& token : pieces) {
        for (Index i = 0; i < start && token.starts_with(content); ++i)
            token.erase(0, content.size());
        for (Index i = 0; i < stop && token.ends_with(content); ++i)
            token.resize(token.size() - content.size());
    }
}

void WordPieceDecoder::run(Pieces& pieces) const {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        std::string& token = pieces[i];
        if (i > 0 && token.starts_with(prefix)) {
            token.erase(0, prefix.size());
        } else if (i > 0) {
            token.insert(0, " ");
        }
        if (!cleanup) continue;
        for (const auto& [from, to] : tidied) replace_in(token, from, to);
    }
}

void WordPieceDecoder::piece(std::string& token) const {
    if (token.starts_with(prefix) && token != prefix) token.erase(0, prefix.size());
}

void MetaspaceDecoder::run(Pieces& pieces) const {
    for (std::size_t i = 0; i < pieces.size(); ++i)
        replace_in(pieces[i], replacement, i == 0 && prepended ? "" : " ");
}

void MetaspaceDecoder::piece(std::string& token) const {
    replace_in(token, replacement, " ");
}

void BpeDecoder::run(Pieces& pieces) const {
    for (std::size_t i = 0; i < pieces.size(); ++i)
        replace_in(pieces[i], suffix, i + 1 == pieces.size() ? "" : " ");
}

void BpeDecoder::piece(std::string& token) const {
    replace_in(token, suffix, " ");
}

namespace {

Index read_count(const json& step, const char* key, const std::string& where) {
    const json* found = find_member(step, key);
    if (found == nullptr) return 0;
    if (!found->is_number_unsigned() || *found > 1000)
        throw FileError(where + ", \"" + key + "\"", "a number from 0 to 1000", shown(*found));
    return found->get<Index>();
}

void read_steps(const json& step, const std::string& where, std::vector<DecodeStep>& steps) {
    const std::string place = where + ", \"decoder\"";
    const std::string type = read_text(step, "type", "", place);
    if (type == "ByteLevel") {
        steps.push_back(ByteLevelDecoder{});
    } else if (type == "Replace") {
        const auto [from, to] = read_replacement(step, place);
        steps.push_back(ReplaceDecoder{from, to});
    } else if (type == "ByteFallback") {
        steps.push_back(ByteFallbackDecoder{});
    } else if (type == "Fuse") {
        steps.push_back(FuseDecoder{});
    } else if (type == "Strip") {
        const std::string content = read_text(step, "content", "", place);
        if (content.empty()) throw FileError(place + ", \"content\"", "a character", "none");
        steps.push_back(StripDecoder{content, read_count(step, "start", place),
                                     read_count(step, "stop", place)});
    } else if (type == "WordPiece") {
        steps.push_back(WordPieceDecoder{read_text(step, "prefix", "##", place),
                                         read_flag(step, "cleanup", true, place)});
    } else if (type == "Metaspace") {
        const bool flag = read_flag(step, "add_prefix_space", true, place);
        const std::string scheme =
            read_text(step, "prepend_scheme", flag ? "always" : "never", place);
        const std::string replacement = read_text(step, "replacement", "▁", place);
        if (replacement.empty())
            throw FileError(place + ", \"replacement\"", "a character", "none");
        steps.push_back(MetaspaceDecoder{replacement, scheme != "never"});
    } else if (type == "BPEDecoder") {
        const std::string suffix = read_text(step, "suffix", "</w>", place);
        if (suffix.empty()) throw FileError(place + ", \"suffix\"", "a text", "none");
        steps.push_back(BpeDecoder{suffix});
    } else if (type == "Sequence") {
        for (const json& part : require_member(step, "decoders", json::value_t::array, place)) {
            if (!part.is_object()) throw FileError(place, "steps that are objects", shown(part));
            read_steps(part, where, steps);
        }
    } else {
        refuse_type(where, "decoder",
                    "null, ByteLevel, Replace of a string, ByteFallback, Fuse, Strip, WordPiece, "
                    "Metaspace, BPEDecoder or Sequence",
                    type);
    }
}

}  // namespace

TextDecoder read_decoder(const json& root, const std::string& where) {
    TextDecoder decoder;
    if (step_type(root, "decoder", where).empty()) {
        decoder.spaces_between = true;
    } else {
        read_steps(root["decoder"], where, decoder.steps);
    }
    return decoder;
}

std::string decode(const TextDecoder& decoder, const Vocabulary& vocabulary,
                   std::span<const int> ids) {
    Pieces pieces;
    pieces.reserve(ids.size());
    for (const int id : ids) pieces.push_back(vocabulary.token(id));
    for (const DecodeStep& step : decoder.steps) {
        std::visit([&](const auto& kind) { kind.run(pieces); }, step);
    }
    std::string text;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (i > 0 && decoder.spaces_between) text += ' ';
        text += pieces[i];
    }
    return text;
}

std::string bytes_of(const TextDecoder& decoder, std::string token) {
    for (const DecodeStep& step : decoder.steps) {
        std::visit([&](const auto& kind) { kind.piece(token); }, step);
    }
    return token;
}

}  // namespace vitrine
