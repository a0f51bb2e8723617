// The words of a training text and how often each came, counted with all cores: what every
// tokenizer trainer starts from.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tensor/tensor.h"
#include "text/normalizer.h"
#include "text/pre_tokenizer.h"

namespace vitrine {

/// A piece of text, as the pre-tokenizer cuts it, and how often it came.
struct WordCount {
    std::string word;
    std::int64_t count = 0;
};

/// Told what a trainer does and how far it is: "merges", 120 of 8000.
using TrainerProgress = std::function<void(const char* phase, Index done, Index total)>;

/// Takes documents one after the other and counts their words. From one thread; it uses all cores
/// for itself.
class WordCounter {
   public:
    WordCounter(Normalizer normalizer, PreTokenizer pre_tokenizer);

    /// @throws TextError  invalid UTF-8, with the byte offset
    void add(std::string_view document);
    /// Bytes of all documents so far.
    Index bytes() const { return bytes_; }
    /// All words in the order of their bytes, whatever the number of cores. Ends the counting.
    std::vector<WordCount> finish();

   private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Counts = std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>>;

    void count_waiting();
    void count(std::string_view text, Counts& counts) const;

    Normalizer normalizer_;
    PreTokenizer pre_tokenizer_;
    std::vector<std::string> waiting_;  // stretches of documents
    std::size_t waiting_bytes_ = 0;
    std::vector<Counts> counts_;  // of each thread
    Index bytes_ = 0;
};

/// The end of the stretch of at least `least` bytes that starts at `begin` and can be cut off
/// without changing any word: before white space that follows something else.
std::size_t stretch_end(std::string_view text, std::size_t begin, std::size_t least);

}  // namespace vitrine
