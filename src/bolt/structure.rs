//! The signatures of structures that are values. Bolt, "Structure semantics".

use crate::shared_constants::shared_constants;

shared_constants! {
    pub(crate) const NODE: u8 = 0x4E;
    pub(crate) const RELATIONSHIP: u8 = 0x52;
    pub(crate) const UNBOUND_RELATIONSHIP: u8 = 0x72;
    pub(crate) const PATH: u8 = 0x50;
    pub(crate) const DATE: u8 = 0x44;
    pub(crate) const TIME: u8 = 0x54;
    pub(crate) const LOCAL_TIME: u8 = 0x74;
    /// With an offset, in UTC.
    pub(crate) const DATE_TIME_OFFSET_UTC: u8 = 0x49;
    /// With an offset, on the local clock.
    pub(crate) const DATE_TIME_OFFSET_LOCAL: u8 = 0x46;
    /// With a zone id, in UTC.
    pub(crate) const DATE_TIME_ZONE_UTC: u8 = 0x69;
    /// With a zone id, on the local clock.
    pub(crate) const DATE_TIME_ZONE_LOCAL: u8 = 0x66;
    pub(crate) const LOCAL_DATE_TIME: u8 = 0x64;
    pub(crate) const DURATION: u8 = 0x45;
    pub(crate) const POINT_2D: u8 = 0x58;
    pub(crate) const POINT_3D: u8 = 0x59;
    pub(crate) const VECTOR: u8 = 0x56;
}
