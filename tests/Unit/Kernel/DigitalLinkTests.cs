using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class DigitalLinkTests
{
    [Theory]
    [InlineData("https://id.gs1.org/00/106141411234567897", "(00)106141411234567897")]                       // domain.md 5.4
    [InlineData("https://any.host/some/path/00/106141411234567897", "(00)106141411234567897")]
    [InlineData("HTTP://A/01/12312312312333", "(01)12312312312333")]
    [InlineData("https://a:65535/01/12312312312333", "(01)12312312312333")]
    [InlineData("https://[2001:db8::1]/01/12312312312333", "(01)12312312312333")]
    [InlineData("https://a/01/12312312312333/22/2A/10/ABC123/21/XYZ", "(01)12312312312333(22)2A(10)ABC123(21)XYZ")]
    [InlineData("https://a/01/12312312312333/10/ABC123", "(01)12312312312333(10)ABC123")]
    [InlineData("https://a/01/12312312312333/235/TPX5", "(01)12312312312333(235)TPX5")]
    [InlineData("https://a/00/106141411234567897?3301=000250&lang=zh&4307=CN#top", "(00)106141411234567897(3301)000250(4307)CN")]
    [InlineData("https://a/01/12312312312333?99=A%2FB+C", null)]                                             // a blank is not in set 82
    [InlineData("https://a/01/12312312312333?99=A%2FB%2BC", "(01)12312312312333(99)A/B+C")]
    [InlineData("https://a/414/9521321000018/254/SCALE-02", "(414)9521321000018(254)SCALE-02")]              // domain.md 5.3
    [InlineData("https://a/00/006141411234567890/01/12312312312333", "(01)12312312312333")]                  // the rightmost key wins; before it is stem
    [InlineData("https://a/01/12312312312333?&&99=X&&", "(01)12312312312333(99)X")]
    public void A_link_is_read_to_its_elements(string uri, string? expected)
    {
        var read = DigitalLink.TryParse(uri, out var message, out var flaw);
        if (expected is null) flaw!.Code.ShouldBe(Gs1FlawCode.Characters);
        else message.ShouldNotBeNull(flaw?.Message).ToString().ShouldBe(expected);
        read.ShouldBe(expected is not null);
    }

    [Theory]
    [InlineData("", Gs1FlawCode.Uri)]
    [InlineData("ftp://a/01/12312312312333", Gs1FlawCode.Uri)]
    [InlineData("HtTp://a/00/006141411234567890", Gs1FlawCode.Uri)]
    [InlineData("http://", Gs1FlawCode.Uri)]
    [InlineData("http:///00/006141411234567890", Gs1FlawCode.Uri)]
    [InlineData("http://a", Gs1FlawCode.Uri)]
    [InlineData("https://a$/00/006141411234567890", Gs1FlawCode.Uri)]
    [InlineData("https://a/01/12312312312333<bad", Gs1FlawCode.Uri)]
    [InlineData("https://a/快件/12312312312333", Gs1FlawCode.Uri)]
    [InlineData("https://a/", Gs1FlawCode.NoPrimaryKey)]
    [InlineData("https://a/NOPRIMARYAI", Gs1FlawCode.NoPrimaryKey)]
    [InlineData("https://00/006141411234567890", Gs1FlawCode.NoPrimaryKey)]
    [InlineData("https://a/gtin/12312312312333", Gs1FlawCode.NoPrimaryKey)]
    [InlineData("https://a/10/ABC", Gs1FlawCode.NoPrimaryKey)]
    [InlineData("https://a/00/106141411234567890", Gs1FlawCode.Content)]
    [InlineData("https://a/01/1231231231233", Gs1FlawCode.Length)]
    [InlineData("https://a/01/123123123123331", Gs1FlawCode.Length)]
    [InlineData("https://a/01/12312312312333/10/", Gs1FlawCode.Length)]
    [InlineData("https://a/01/12312312312333/21/XYZ/10/ABC", Gs1FlawCode.Qualifiers)]
    [InlineData("https://a/01/12312312312333/10/ABC/235/TPX", Gs1FlawCode.Qualifiers)]
    [InlineData("https://a/00/106141411234567897/10/ABC", Gs1FlawCode.Qualifiers)]
    [InlineData("https://a/01/12312312312333/99/ABC", Gs1FlawCode.Qualifiers)]
    [InlineData("https://a/01/12312312312333?89=X", Gs1FlawCode.UnknownAi)]
    [InlineData("https://a/01/12312312312333?=", Gs1FlawCode.UnknownAi)]
    [InlineData("https://a/01/12312312312333?10=ABC", Gs1FlawCode.NotAnAttribute)]      // belongs in the path
    [InlineData("https://a/01/12312312312333?21=ABC", Gs1FlawCode.NotAnAttribute)]
    [InlineData("https://a/01/12312312312333?99=A&99=B", Gs1FlawCode.Duplicate)]
    [InlineData("https://a/01/12312312312333?99=", Gs1FlawCode.Length)]
    [InlineData("https://a/01/1231231231233%00", Gs1FlawCode.Characters)]
    public void What_is_no_link_says_why(string uri, Gs1FlawCode expected)
    {
        DigitalLink.TryParse(uri, out var message, out var flaw).ShouldBeFalse();
        message.ShouldBeNull();
        flaw!.Code.ShouldBe(expected, flaw.Message);
    }

    [Fact]
    public void A_link_has_a_limit()
    {
        DigitalLink.TryParse("https://a/" + new string('b', 9_000) + "/01/12312312312333", out _, out var flaw).ShouldBeFalse();
        flaw!.Code.ShouldBe(Gs1FlawCode.Length);
        DigitalLink.TryParse("https://a/01/12312312312333?" + string.Join('&', Enumerable.Range(3100, 6).Concat(Enumerable.Range(3110, 6)).Select(ai => $"{ai}=000001")), out var message, out flaw)
            .ShouldBeTrue(flaw?.Message);
        message!.Elements.Count.ShouldBe(13);
    }
}
