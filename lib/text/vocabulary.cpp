#include "text/vocabulary.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tensor/error.h"
#include "text/byte_alphabet.h"
#include "text/json_fields.h"

namespace vitrine {

namespace {

/// A token as messages show it: JSON's quotes and escapes, and not megabytes.
std::string in_quotes(const std::string& token) {
    return shown(nlohmann::json(token));
}

}  // namespace

Vocabulary::Vocabulary(Index most, bool byte_alphabet)
    : tokens_(static_cast<std::size_t>(most)),
      bytes_(static_cast<std::size_t>(most)),
      byte_alphabet_(byte_alphabet),
      taken_(static_cast<std::size_t>(most)),
      special_(static_cast<std::size_t>(most)) {
    ids_.reserve(static_cast<std::size_t>(most));
}

void Vocabulary::insert(const std::string& token, Index id, const std::string& where) {
    if (id < 0 || id >= size()) {
        throw FileError(where + ", token " + in_quotes(token),
                        "an id from 0 to " + std::to_string(size() - 1) + ", without holes",
                        std::to_string(id));
    }
    const auto at = static_cast<std::size_t>(id);
    if (taken_[at] && tokens_[at] != token) {
        throw FileError(where, "one token for the id " + std::to_string(id),
                        in_quotes(tokens_[at]) + " and " + in_quotes(token));
    }
    const auto [entry, is_new] = ids_.emplace(token, static_cast<int>(id));
    if (!is_new && entry->second != id) {
        throw FileError(where, "one id for the token " + in_quotes(token),
                        std::to_string(entry->second) + " and " + std::to_string(id));
    }
    taken_[at] = true;
    tokens_[at] = token;
    bytes_[at] = byte_alphabet_ ? bytes_of_token(token).value_or(token) : token;
}

void Vocabulary::insert_all(const nlohmann::json& object, const std::string& where) {
    for (const auto& [token, id] : object.items()) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() > INT32_MAX) {
            throw FileError(where + ", token " + in_quotes(token),
                            "an id from 0 to " + std::to_string(size() - 1) + ", without holes",
                            shown(id));
        }
        insert(token, id.get<Index>(), where);
    }
}

void Vocabulary::check_complete(const std::string& where) const {
    const auto hole = std::find(taken_.begin(), taken_.end(), false);
    if (hole == taken_.end()) return;
    throw FileError(where, "ids from 0 to " + std::to_string(size() - 1) + ", without holes",
                    "no token with the id " + std::to_string(hole - taken_.begin()));
}

std::optional<int> Vocabulary::find(std::string_view token) const {
    const auto found = ids_.find(token);
    if (found == ids_.end()) return {};
    return found->second;
}

}  // namespace vitrine
