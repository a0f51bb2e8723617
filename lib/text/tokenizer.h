// Text to token ids and back, exactly as a tokenizer.json says.
// A Tokenizer never changes after loading and may be used by several threads at once.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"
#include "text/encoding.h"
#include "text/truncation.h"

namespace vitrine {

/// One merge while a piece is being encoded: the pair that was joined and the pieces afterwards.
struct MergeStep {
    int rank = -1;                    // of the merge rule; -1: the start, single bytes
    Index position = 0;               // of the joined piece in `pieces`
    std::vector<std::string> pieces;  // raw bytes
};

class Tokenizer {
   public:
    /// @param path  a tokenizer.json, or a folder with one; a folder with only vocab.json and
    ///              merges.txt is GPT-2's, with <|endoftext|> special, one with only vocab.txt is
    ///              BERT's, in small letters unless tokenizer_config.json says otherwise, one with
    ///              only spiece.model is T5's, one with only tokenizer.model Llama's
    /// @throws FileError
    static Tokenizer load(const std::filesystem::path& path);
    /// From the text of a tokenizer.json; `where` names it in errors.
    static Tokenizer parse(std::string_view tokenizer_json, const std::string& where);
    ~Tokenizer();
    Tokenizer(Tokenizer&&) noexcept;
    Tokenizer& operator=(Tokenizer&&) noexcept;

    /// @param add_special  add the tokens that the post-processor puts around the text
    /// @throws TextError   invalid UTF-8, with the byte offset
    Encoding encode(std::string_view text, bool add_special = true) const;
    Encoding encode_pair(std::string_view a, std::string_view b, bool add_special = true) const;

    /// Texts at once, on all cores. @throws TextError  with the number of the first invalid one
    std::vector<Encoding> encode_batch(std::span<const std::string> texts,
                                       bool add_special = true) const;

    /// A text that is too long, cut: what stays, then the windows behind it, each with its special
    /// tokens. Of a pair in which both are cut, only what stays.
    /// @throws ArgumentError  a length that the special tokens alone fill, a stride that is too
    ///                        long, a pair whose one text can't be cut enough
    std::vector<Encoding> encode_windows(std::string_view text, const Truncation& truncation,
                                         bool add_special = true) const;
    std::vector<Encoding> encode_windows(std::string_view a, std::string_view b,
                                         const Truncation& truncation,
                                         bool add_special = true) const;

    /// Bytes that are not UTF-8 become U+FFFD.
    /// @throws ArgumentError  an id outside the vocabulary
    std::string decode(std::span<const int> ids, bool keep_special = false) const;

    Index vocabulary() const;         // ids run from 0 to vocabulary() - 1
    std::string token(int id) const;  // as tokenizer.json spells it
    std::string bytes(int id) const;  // the raw bytes it stands for
    std::optional<int> id(std::string_view token) const;
    bool is_special(int id) const;
    /// True if a space that no text has is put in front of the first word, as in Llama.
    bool prefixes_space() const;
    Index merges() const;  // number of merge rules; 0 for other models than BPE

    /// Every step of encoding `text`, a piece for each pre-token in order, for the merge replay.
    /// A piece of more than 256 bytes has only its start and its end, both of rank -1; of a model
    /// without merges, only its end.
    /// @throws TextError  invalid UTF-8
    std::vector<std::vector<MergeStep>> merge_steps(std::string_view text) const;

   private:
    struct Impl;
    explicit Tokenizer(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

}  // namespace vitrine
