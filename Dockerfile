# Spoo as an image: docker build -t spoo . and docker run -p 127.0.0.1:5080:5080 -v spoo:/data spoo
# A command runs beside the server: docker exec CONTAINER dotnet Spoo.Web.dll check
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source

# What comes from elsewhere, in layers of its own, which are made again only when a version changes.
COPY global.json .editorconfig Directory.Build.props Directory.Packages.props ./
COPY src/Spoo.Data/Spoo.Data.csproj src/Spoo.Data/
COPY src/Spoo.Web/Spoo.Web.csproj src/Spoo.Web/
RUN dotnet restore src/Spoo.Web/Spoo.Web.csproj --use-current-runtime
COPY .npmrc package.json package-lock.json ./
COPY eng/places eng/setup.sh eng/page-assets.mjs eng/
RUN eng/places country /places
RUN bash -c '. eng/setup.sh && copy_page_scripts'

# For this machine's kind alone: libraries of other systems are most of what a build for all has.
COPY src src
RUN dotnet publish src/Spoo.Web/Spoo.Web.csproj -c Release --use-current-runtime --self-contained false --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN install -d -o $APP_UID -g $APP_UID -m 0700 /data
COPY --from=build /places /places
COPY --from=build /app /app
COPY eng/container/healthcheck.sh /healthcheck.sh
WORKDIR /app
USER $APP_UID
ENV Data__Folder=/data Places__Path=/places Secrets__Folder=/run/secrets ASPNETCORE_HTTP_PORTS=5080 DOTNET_EnableDiagnostics=0
EXPOSE 5080
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 CMD ["bash", "/healthcheck.sh"]
ENTRYPOINT ["dotnet", "Spoo.Web.dll"]
