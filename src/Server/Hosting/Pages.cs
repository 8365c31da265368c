using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>
/// The built pages from a folder. The one HTML file goes out with a fresh nonce in its meta element and in its policy, at <c>/</c>, at <c>/index.html</c>
/// (which the service worker keeps) and at every path of the application; security headers go on pages only, since on gRPC they would be trailers.
/// </summary>
internal sealed class Pages
{
    private const string NoncePlaceholder = "__NONCE__";
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private readonly PhysicalFileProvider? _files;
    private readonly ConcurrentDictionary<(DateTimeOffset, long), string> _html = new();

    internal Pages(string root) => _files = Directory.Exists(root) ? new PhysicalFileProvider(Path.GetFullPath(root)) : null;

    internal void Map(WebApplication app)
    {
        app.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], ServeAsync).WithOrder(int.MaxValue);
        if (_files is not null) app.Lifetime.ApplicationStopped.Register(_files.Dispose);
    }

    private async Task ServeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        AddSecurityHeaders(http.Response.Headers);
        if (_files is null)
        {
            await SayAsync(http, StatusCodes.Status503ServiceUnavailable, "The pages are not built. Run deploy/build.sh, or give --web the folder of the built pages.");
            return;
        }
        if (path is not ("/" or "/index.html") && _files.GetFileInfo(path) is { Exists: true, IsDirectory: false } file)
        {
            await ServeFileAsync(http, path, file);
            return;
        }
        if (Path.HasExtension(path) && path != "/index.html")
        {
            await SayAsync(http, StatusCodes.Status404NotFound, "There is no such file.");
            return;
        }
        await ServeHtmlAsync(http);
    }

    private async Task ServeHtmlAsync(HttpContext http)
    {
        var file = _files!.GetFileInfo("/index.html");
        if (!file.Exists)
        {
            await SayAsync(http, StatusCodes.Status503ServiceUnavailable, "The folder of the pages has no index.html. Run deploy/build.sh.");
            return;
        }
        if (_html.Count > 8) _html.Clear();
        var html = _html.GetOrAdd((file.LastModified, file.Length), _ => File.ReadAllText(file.PhysicalPath!));
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        http.Response.Headers.ContentSecurityPolicy = Policy(nonce);
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(html.Replace(NoncePlaceholder, nonce, StringComparison.Ordinal), Encoding.UTF8, http.RequestAborted);
    }

    private static async Task ServeFileAsync(HttpContext http, string path, IFileInfo file)
    {
        var headers = http.Response.GetTypedHeaders();
        var tag = new EntityTagHeaderValue($"\"{file.LastModified.UtcTicks:x}-{file.Length:x}\"");
        headers.ETag = tag;
        // Vite names its output by content; everything else may change under its name.
        headers.CacheControl = new CacheControlHeaderValue
        {
            Public = true,
            NoCache = !path.StartsWith("/assets/", StringComparison.Ordinal),
            MaxAge = path.StartsWith("/assets/", StringComparison.Ordinal) ? TimeSpan.FromDays(365) : null,
        };
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = ContentTypes.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        http.Response.ContentLength = file.Length;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        await http.Response.SendFileAsync(file, http.RequestAborted);
    }

    private static async Task SayAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(text + "\n", http.RequestAborted);
    }

    private static void AddSecurityHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static string Policy(string nonce) =>
        $"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}
