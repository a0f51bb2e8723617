#pragma once
#include <xtensor/xview.hpp>
