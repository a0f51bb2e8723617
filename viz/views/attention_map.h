// The large map of the attention view, for other views too.
#pragma once

#include "viz/views/attention_parts.h"

namespace vitrine::viz {

/// The chosen map with the card of the cell that is looked at; a click pins.
HeatmapAnswer draw_attention_map(ViewContext& context, AttentionMemory& memory, ImVec2 size);

}  // namespace vitrine::viz
