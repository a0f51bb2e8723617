// HTML's names for characters, as Markdown knows them: &amp; &eacute; &#8594; &#x2192;
#pragma once

#include <string>
#include <string_view>

namespace vitrine::viz {

/// The text an entity stands for; the entity itself if its name is not known.
/// @param entity  with its ampersand and semicolon
std::string entity_text(std::string_view entity);

}  // namespace vitrine::viz
