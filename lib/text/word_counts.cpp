#include "text/word_counts.h"

#include <omp.h>

#include <algorithm>

#include "text/utf8.h"

namespace vitrine {

namespace {

constexpr std::size_t stretch = std::size_t{1} << 16U;        // bytes that a thread takes at once
constexpr std::size_t most_waiting = std::size_t{32} << 20U;  // bytes kept until they are counted

bool is_ascii_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}
/// No white space, of Unicode's either: those have bytes above 127 or control characters.
bool is_ascii_graphic(char c) {
    return c > ' ' && c < '\x7f';
}

}  // namespace

std::size_t stretch_end(std::string_view text, std::size_t begin, std::size_t least) {
    if (text.size() - begin <= least) return text.size();
    for (std::size_t at = begin + least; at < text.size(); ++at) {
        if (is_ascii_space(text[at]) && is_ascii_graphic(text[at - 1])) return at;
    }
    return text.size();
}

WordCounter::WordCounter(Normalizer normalizer, PreTokenizer pre_tokenizer)
    : normalizer_(std::move(normalizer)),
      pre_tokenizer_(std::move(pre_tokenizer)),
      counts_(static_cast<std::size_t>(omp_get_max_threads())) {}

void WordCounter::add(std::string_view document) {
    check_utf8(document);
    for (std::size_t begin = 0; begin < document.size();) {
        const std::size_t end = stretch_end(document, begin, stretch);
        waiting_.emplace_back(document.substr(begin, end - begin));
        begin = end;
    }
    bytes_ += static_cast<Index>(document.size());
    waiting_bytes_ += document.size();
    if (waiting_bytes_ > most_waiting) count_waiting();
}

void WordCounter::count(std::string_view text, Counts& counts) const {
    AlignedText aligned(text, {0, text.size()});
    normalize(normalizer_, aligned);
    std::vector<ByteRange> pieces;
    pre_tokenize(pre_tokenizer_, aligned, pieces);
    for (const ByteRange piece : pieces) {
        const std::string_view word = part_of(aligned.bytes(), piece);
        const auto found = counts.find(word);
        if (found != counts.end()) {
            ++found->second;
        } else {
            counts.emplace(word, 1);
        }
    }
}

void WordCounter::count_waiting() {
    const auto n = static_cast<Index>(waiting_.size());
    const auto threads = static_cast<int>(counts_.size());
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (Index i = 0; i < n; ++i) {
        count(waiting_[static_cast<std::size_t>(i)],
              counts_[static_cast<std::size_t>(omp_get_thread_num())]);
    }
    waiting_.clear();
    waiting_bytes_ = 0;
}

std::vector<WordCount> WordCounter::finish() {
    count_waiting();
    Counts all = std::move(counts_.front());
    for (std::size_t i = 1; i < counts_.size(); ++i) {
        for (const auto& [word, count] : counts_[i]) all[word] += count;
    }
    counts_.assign(counts_.size(), {});
    std::vector<WordCount> words;
    words.reserve(all.size());
    while (!all.empty()) {
        auto node = all.extract(all.begin());
        words.push_back({std::move(node.key()), node.mapped()});
    }
    std::sort(words.begin(), words.end(),
              [](const WordCount& a, const WordCount& b) { return a.word < b.word; });
    return words;
}

}  // namespace vitrine
