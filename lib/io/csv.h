// Comma- or tab-separated values, read row by row. Format: RFC 4180.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// Takes the file in pieces and puts together rows: a field in quotes may hold separators, line
/// ends and doubled quotes.
class CsvRows {
   public:
    explicit CsvRows(char separator) : separator_(separator) {}

    /// Takes the next bytes; calls `each(row)` for every row that they end.
    template <class Each>
    void add(std::string_view bytes, Each each) {
        for (const char c : bytes) {
            if (take(c)) each(hand_over());
        }
    }
    /// The last row need not end with a line end.
    template <class Each>
    void end(Each each) {
        if (!row_.empty() || !field_.empty() || was_quoted_) {
            next_field();
            each(hand_over());
        }
    }
    /// True inside of quotes: at the end of a file, a quote was never closed.
    bool in_quotes() const { return in_quotes_; }

   private:
    bool take(char c);
    void next_field();
    std::vector<std::string> hand_over();

    char separator_;
    bool in_quotes_ = false, was_quoted_ = false;
    std::string field_;
    std::vector<std::string> row_;
};

}  // namespace vitrine
