using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace KeyAccountLogistics.EdgeAgent.Feed;

/// <summary>
/// The built pages from a folder, so that the station works with the line cut. The HTML goes out with a fresh nonce in its meta element and its policy, as
/// from the backend.
/// </summary>
internal sealed class StationPages(string folder) : IDisposable
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();
    private readonly PhysicalFileProvider? _files = Directory.Exists(folder) ? new PhysicalFileProvider(Path.GetFullPath(folder)) : null;

    public void Map(WebApplication app) => app.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], ServeAsync).WithOrder(int.MaxValue);

    public void Dispose() => _files?.Dispose();

    private async Task ServeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        if (_files is not null && path is not ("/" or "/index.html") && _files.GetFileInfo(path) is { Exists: true, IsDirectory: false } file)
        {
            http.Response.ContentType = ContentTypes.TryGetContentType(path, out var type) ? type : "application/octet-stream";
            headers.CacheControl = path.StartsWith("/assets/", StringComparison.Ordinal) ? "public, max-age=31536000" : "no-cache";
            http.Response.ContentLength = file.Length;
            if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.SendFileAsync(file, http.RequestAborted);
            return;
        }
        if (_files?.GetFileInfo("/index.html") is not { Exists: true } html || (Path.HasExtension(path) && path != "/index.html"))
        {
            http.Response.StatusCode = _files is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status404NotFound;
            headers.ContentSecurityPolicy = "default-src 'none'";
            await http.Response.WriteAsync(_files is null ? $"The pages are not at {folder}; set page.folder.\n" : "There is no such file.\n", http.RequestAborted);
            return;
        }
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; font-src 'self' data:; " +
            "connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        headers.CacheControl = "no-cache";
        http.Response.ContentType = "text/html; charset=utf-8";
        var text = await File.ReadAllTextAsync(html.PhysicalPath!, http.RequestAborted);
        await http.Response.WriteAsync(text.Replace("__NONCE__", nonce, StringComparison.Ordinal), Encoding.UTF8, http.RequestAborted);
    }
}
