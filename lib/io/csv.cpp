#include "io/csv.h"

#include <utility>

namespace vitrine {

/// True if a row ended.
bool CsvRows::take(char c) {
    if (in_quotes_) {
        if (c == '"') {
            in_quotes_ = false;
        } else {
            field_ += c;
        }
    } else if (c == '"') {
        if (was_quoted_) field_ += '"';  // the second of a doubled quote
        in_quotes_ = was_quoted_ = true;
    } else if (c == separator_) {
        next_field();
    } else if (c == '\n') {
        next_field();
        return true;
    } else if (c != '\r') {
        field_ += c;
    }
    return false;
}

void CsvRows::next_field() {
    row_.push_back(std::exchange(field_, {}));
    was_quoted_ = false;
}

std::vector<std::string> CsvRows::hand_over() {
    return std::exchange(row_, {});
}

}  // namespace vitrine
