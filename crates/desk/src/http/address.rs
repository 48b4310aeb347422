//! The address a request comes from. Forwarding headers are believed from the configured proxies only.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};
use balcao_platform::networks::any_contains;

use crate::Desk;

/// The visitor's or agent's own address.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The key this address is limited by.
    pub fn key(self) -> String {
        balcao_platform::limits::address_key(self.0)
    }

    /// The key of its network, by which floods are measured.
    pub fn network(self) -> String {
        balcao_platform::limits::network_key(self.0)
    }
}

impl FromRequestParts<Desk> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Self::Rejection> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(address)| address.ip().to_canonical());
        let is_ours = |address: IpAddr| any_contains(&desk.config.trusted_proxies, address);
        if !is_ours(peer) {
            return Ok(Self(peer));
        }
        // The last address that no proxy of ours added: walk from the right past the trusted ones. What a proxy has written unreadably ends the
        // walk, since all before it was written by whoever asks.
        let lines = parts.headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or(""));
        let named: Vec<Option<IpAddr>> = lines.flat_map(|line| line.split(',')).map(named_address).collect();
        let client = named.into_iter().rev().find(|address| address.is_none_or(|address| !is_ours(address))).flatten();
        Ok(Self(client.unwrap_or(peer)))
    }
}

/// An address as proxies write it, with or without a port.
fn named_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address| address.to_canonical())
}
